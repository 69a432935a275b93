using Vllm.Testing;

namespace Vllm.Tests.Recorded;

/// <summary>A stream put together has the shape of the answer that the same server gives without streaming: the same members are there, and the same are absent.</summary>
public class TwinTests
{
    [Theory]
    [InlineData("chat-basic", "chat-stream-usage", "")]
    [InlineData("chat-reasoning-then-content", "chat-stream-reasoning-then-content", "Usage, SystemFingerprint")]
    [InlineData("chat-tool-auto", "chat-stream-tool-auto", "")]
    [InlineData("chat-stop-string", "chat-stream-stop-string", "")]
    public async Task A_chat(string whole, string stream, string mayDiffer)
    {
        await using var server = ReplayServer.Of(whole, stream);
        using var client = server.Client();
        var token = TestContext.Current.CancellationToken;

        var one = await client.ChatAsync("Hi", cancellationToken: token);
        var other = await client.ChatStreamAsync("Hi", cancellationToken: token).ToResultAsync(cancellationToken: token);

        Differences(Shape(one), Shape(other)).ShouldBeSubsetOf(mayDiffer.Split(", "));
    }

    [Fact]
    public async Task A_completion()
    {
        await using var server = ReplayServer.Of("completion-basic", "completion-stream-usage");
        using var client = server.Client();
        var token = TestContext.Current.CancellationToken;

        var one = await client.CompleteAsync("Once", cancellationToken: token);
        var other = await client.CompleteStreamAsync("Once", cancellationToken: token).ToResultAsync(cancellationToken: token);

        (one.Usage is null).ShouldBe(other.Usage is null);
        (one.SystemFingerprint is null).ShouldBe(other.SystemFingerprint is null);
        one.Choices.Select(choice => choice.FinishReason).ShouldBe(other.Choices.Select(choice => choice.FinishReason));
        (one.Choices[0].Logprobs is null, one.Choices[0].TokenIds is null).ShouldBe((other.Choices[0].Logprobs is null, other.Choices[0].TokenIds is null));
    }

    static IEnumerable<string> Differences(Dictionary<string, string> one, Dictionary<string, string> other) => one.Keys.Where(key => one[key] != other[key]);

    static Dictionary<string, string> Shape(ChatResult result)
    {
        var message = result.Message!;
        return new()
        {
            ["Usage"] = result.Usage is { } usage ? $"{usage.CachedTokens is null}{usage.ReasoningTokens is null}{usage.MultimodalTokens is null}" : "none",
            ["SystemFingerprint"] = $"{result.SystemFingerprint is null}",
            ["ServerTiming"] = $"{result.ServerTiming is null}",
            ["Choices"] = $"{result.Choices.Count}",
            ["Role"] = $"{message.Role}",
            ["Content"] = $"{message.Content is null}",
            ["Reasoning"] = $"{message.Reasoning is null}",
            ["ToolCalls"] = $"{message.ToolCalls.Count > 0}",
            ["FinishReason"] = $"{result.FinishReason}",
            ["StopReason"] = $"{result.Choices[0].StopReason is null}",
            ["Logprobs"] = $"{result.Choices[0].Logprobs is null}",
            ["TokenIds"] = $"{result.Choices[0].TokenIds is null}",
            ["PromptTokenIds"] = $"{result.PromptTokenIds is null}",
        };
    }
}
