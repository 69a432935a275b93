using System.Text;
using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>Turns texts into prompts.</summary>
static class ChatTemplate
{
    public static void AppendMessage(StringBuilder text, string role, string content) =>
        text.Append("<|im_start|>").Append(role).Append('\n').Append(content).Append("<|im_end|>\n");

    public static void AppendStart(StringBuilder text, bool thinks)
    {
        text.Append("<|im_start|>assistant\n");
        if (!thinks)
        {
            text.Append("<think>\n\n</think>\n\n");
        }
    }

    public static Prompt Tokenize(string text) => new(Vocabulary.Tokenize(text), IsChinese(text));

    public static Prompt FromTokens(List<int> tokens) => new(tokens, IsChinese(Vocabulary.Detokenize(tokens)));

    /// <summary>A fifth of the letters, less the template's own words, which are Latin.</summary>
    static bool IsChinese(string text)
    {
        var chinese = 0;
        var letters = 0;
        var isTag = false;
        foreach (var character in text)
        {
            isTag = character == '<' || (isTag && character != '\n');
            if (!isTag && char.IsLetter(character))
            {
                letters++;
                chinese += character is >= '\u4E00' and <= '\u9FFF' ? 1 : 0;
            }
        }

        return chinese * 5 >= letters && chinese > 0;
    }
}
