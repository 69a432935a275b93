using System.Text;
using FsCheck.Xunit;
using Vllm.Simulator.Engine;

namespace Vllm.Tests.Engine;

public sealed class TextTests
{
    static readonly TextSettings Settings = new() { Hash = 42, MinNatural = 16, MaxNatural = 512, MaxTokens = 20 };

    [Property(MaxTest = 500)]
    public void Detokenizing_tokens_gives_the_text_back(string? text)
    {
        // Half a surrogate pair has no UTF-8, so the text is what encodes.
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? string.Empty));

        Vocabulary.Detokenize(Vocabulary.Tokenize(whole)).ShouldBe(whole);
    }

    [Theory]
    [InlineData(" people", 1)]
    [InlineData("的一", 2)]
    [InlineData("龘", 3)]
    [InlineData("<|im_end|>", 1)]
    [InlineData(" the people", 2)]
    public void The_longest_token_wins(string text, int tokens) => Vocabulary.Tokenize(text).Count.ShouldBe(tokens);

    [Fact]
    public void There_are_32_000_different_tokens()
    {
        var texts = Enumerable.Range(0, Vocabulary.Size).Select(token => Convert.ToHexString(Vocabulary.Text(token))).ToHashSet();

        texts.Count.ShouldBe(32_000);
        Vocabulary.Tokenize("<|im_start|>").ShouldBe([Vocabulary.MessageStart]);
        Vocabulary.Tokenize(WordList.Chinese[..1]).ShouldBe([Vocabulary.FirstChinese]);
    }

    [Fact]
    public void A_limit_ends_with_length_and_a_natural_end_with_stop()
    {
        var limited = Generate(Settings with { Tokens = 100 });
        var natural = Generate(Settings with { Tokens = 5 });

        limited.Ends.Count.ShouldBe(20);
        limited.Ends[^1].End.ShouldBe(TextEnd.Length);
        natural.Ends.Count.ShouldBe(5);
        natural.Ends[^1].ShouldBe(new GeneratedToken(Vocabulary.MessageEnd, TextEnd.Stop, null, null));
    }

    [Fact]
    public void Minimum_tokens_and_ignored_ends_push_the_end_back()
    {
        Generate(Settings with { Tokens = 5, MinTokens = 9 }).Ends.Count.ShouldBe(9);
        Generate(Settings with { Tokens = 5, IgnoreEnd = true }).Ends.Count.ShouldBe(20);
    }

    [Fact]
    public void A_stop_string_ends_the_text_before_it_and_nothing_of_it_is_ever_shown()
    {
        var whole = Generate(Settings).Text;
        var stop = whole[(whole.Length / 2)..((whole.Length / 2) + 6)];
        var at = whole.IndexOf(stop, StringComparison.Ordinal);

        var stopped = Generate(Settings with { Stops = [stop, "never"] });
        var including = Generate(Settings with { Stops = [stop], IncludeStop = true });

        stopped.Text.ShouldBe(whole[..at]);
        stopped.Ends[^1].StopString.ShouldBe(stop);
        including.Text.ShouldBe(whole[..(at + stop.Length)]);
        foreach (var shown in stopped.Shown)
        {
            whole[..at].ShouldStartWith(shown);
        }
    }

    [Fact]
    public void A_stop_token_ends_without_text_and_names_itself()
    {
        var first = Generate(Settings).Ends[0].Token;

        var stopped = Generate(Settings with { StopTokens = new HashSet<int> { first } });

        stopped.Text.ShouldBeEmpty();
        stopped.Ends.ShouldHaveSingleItem().StopToken.ShouldBe(first);
    }

    [Fact]
    public void Choices_and_prompts_differ_and_repeat()
    {
        Generate(Settings).Text.ShouldBe(Generate(Settings).Text);
        Generate(Settings, 1).Text.ShouldNotBe(Generate(Settings).Text);
        Generate(Settings with { Hash = 43 }).Text.ShouldNotBe(Generate(Settings).Text);
    }

    static (string Text, List<GeneratedToken> Ends, List<string> Shown) Generate(TextSettings settings, int choice = 0)
    {
        var text = new ChoiceText(settings, choice);
        var buffer = new ByteBuffer();
        var tokens = new List<GeneratedToken>();
        var shown = new List<string>();
        do
        {
            tokens.Add(text.Next(buffer));
            shown.Add(Encoding.UTF8.GetString(buffer.Written));
        }
        while (tokens[^1].End == TextEnd.None);
        return (shown[^1], tokens, shown);
    }
}
