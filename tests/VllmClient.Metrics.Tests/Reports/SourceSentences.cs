using System.Text;
using System.Text.RegularExpressions;
using Vllm.Testing;

namespace Vllm.Tests.Reports;

/// <summary>The English sentences in source files: their string literals, with a 7 in each place that is filled in later.</summary>
static partial class SourceSentences
{
    public static IReadOnlyList<string> Of(string folder, params string[] butNot) =>
    [
        .. Directory.EnumerateFiles(RepositoryFiles.Path(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !butNot.Contains(Path.GetFileName(file)))
            .SelectMany(file => Literals(File.ReadAllText(file)))
            .Where(IsEnglish)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether two English words stand in a row, names left aside.</summary>
    public static bool IsEnglish(string text) => Words().IsMatch(Names().Replace(text, "-"));

    public static IReadOnlyList<string> Literals(string code)
    {
        var found = new List<string>();
        for (var at = 0; at < code.Length; at++)
        {
            if (code[at] == '/' && at + 1 < code.Length && code[at + 1] == '/') at = code.IndexOf('\n', at) is var end and >= 0 ? end : code.Length;
            else if (code[at] == '\'') at = EndOfCharacter(code, at);
            else if (code[at] == '"') at = Literal(code, at, found);
        }

        return found;
    }

    // Returns where the literal ends; those within its places have been found before it.
    static int Literal(string code, int start, List<string> found)
    {
        var isInterpolated = start > 0 && code[start - 1] == '$';
        var isVerbatim = start > 0 && code[start - 1] == '@';
        var text = new StringBuilder();
        for (var at = start + 1; ; at++)
        {
            switch (code[at])
            {
                case '"' when isVerbatim && code[at + 1] == '"':
                    text.Append(code[++at]);
                    break;
                case '"':
                    found.Add(text.ToString());
                    return at;
                case '\\' when !isVerbatim:
                    text.Append(code[++at]);
                    break;
                case '{' or '}' when isInterpolated && code[at + 1] == code[at]:
                    text.Append(code[++at]);
                    break;
                case '{' when isInterpolated:
                    at = Place(code, at, found);
                    text.Append('7');
                    break;
                default:
                    text.Append(code[at]);
                    break;
            }
        }
    }

    static int EndOfCharacter(string code, int start) => code.IndexOf('\'', code[start + 1] == '\\' ? start + 3 : start + 2);

    static int Place(string code, int start, List<string> found)
    {
        var depth = 1;
        var at = start + 1;
        for (; ; at++)
        {
            if (code[at] == '"') at = Literal(code, at, found);
            else if (code[at] == '\'') at = EndOfCharacter(code, at);
            else if (code[at] == '{') depth++;
            else if (code[at] == '}' && --depth == 0) return at;
        }
    }

    [GeneratedRegex("[A-Za-z]{2,} [a-z]{2,}")]
    private static partial Regex Words();

    [GeneratedRegex("VllmClient|vLLM|nvidia-smi|(?:node|GPU) exporter|dcgm-exporter|TestServer|Task.Delay|TimeProvider|PreserveExecutionContext = true|usage|token")]
    private static partial Regex Names();
}
