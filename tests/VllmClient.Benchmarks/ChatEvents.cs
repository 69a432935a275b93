using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>The stream that all variants read: events as vLLM words them, of 220 to 250 bytes.</summary>
static class ChatEvents
{
    const string Id = "chatcmpl-b83b2f07f989b6b6d0a1";

    internal const string Prompt = "Tell me a story";

    internal static string Content { get; } = SseText.Text(" telemetry").Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static string Role { get; } = SseText.Role().Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static string Last { get; } = SseText.Last(" end").Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static string Usage(int chunks) => SseText.Usage(18, chunks).Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static byte[] Body(int chunks) => [.. System.Text.Encoding.UTF8.GetBytes(Role + string.Concat(Enumerable.Repeat(Content, chunks - 1)) + Last + Usage(chunks) + SseText.Done)];
}
