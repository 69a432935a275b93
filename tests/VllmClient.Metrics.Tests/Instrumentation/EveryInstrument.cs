using System.Net;
using Vllm.Testing;

namespace Vllm.Tests.Instrumentation;

/// <summary>Calls of a real client that make each of the fifteen instruments speak.</summary>
static class EveryInstrument
{
    internal const int InputTokens = 18;
    internal const int OutputTokens = 7;

    /// <summary>Two streams, the first after a retry, the second without usage; and one that is left open for <paramref name="whileOpen"/>.</summary>
    internal static async Task CallAsync(string provider, CancellationToken cancellationToken, VllmClientServices? services = null, Action? whileOpen = null)
    {
        var handler = new ScriptedHandler()
            .Answers(HttpStatusCode.ServiceUnavailable, """{"error":{"message":"busy","code":503}}""", headers: ("Retry-After", "0"))
            .Streams(() => new TrickleStream(SseText.Role(), Reasoning, SseText.Text("b"), SseText.Last("c"), Usage, SseText.Done))
            .Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"), SseText.Last("b"), SseText.Done))
            .Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"), BodyStep.Hang()));
        using var client = handler.Client(
            options =>
            {
                options.Telemetry.ProviderName = provider;
                options.DefaultModel = "tiny";
                options.MaxConcurrentRequests = 4;
            },
            services);
        for (var i = 0; i < 2; i++) await client.ChatStreamAsync("q", cancellationToken: cancellationToken).ToResultAsync(cancellationToken: cancellationToken);

        await using var open = client.ChatStreamAsync("q", cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await open.MoveNextAsync();
        await open.MoveNextAsync();
        whileOpen?.Invoke();
    }

    static string Reasoning => SseText.Chat("""{"index":0,"delta":{"reasoning":"hm"},"logprobs":null,"finish_reason":null}""");

    static string Usage => SseText.Event(
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"tiny","choices":[],"usage":{"prompt_tokens":18,"total_tokens":25,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":3}}}""");
}
