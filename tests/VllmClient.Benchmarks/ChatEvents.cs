using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>The stream that all variants read: events as vLLM words them, of 220 to 250 bytes.</summary>
static class ChatEvents
{
    const string Id = "chatcmpl-b83b2f07f989b6b6d0a1";

    // Words of different lengths, and as in real text now and then one that JSON has to escape.
    static readonly string[] Words = [" telemetry", " of", " the", " engine", " shows", " how", " long", " a", " request", " waits", ".\n\n", " Then", " \"it\"", " runs", " 量子", ","];

    internal const string Prompt = "Tell me a story";

    internal static IReadOnlyList<string> Contents { get; } = [.. Words.Select(word => SseText.Text(word).Replace("chatcmpl-1", Id, StringComparison.Ordinal))];

    internal static string Content => Contents[0];

    internal static string ContentAt(int number) => Contents[number % Contents.Count];

    internal static string Role { get; } = SseText.Role().Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static string Last { get; } = SseText.Last(" end").Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static string Usage(int chunks) => SseText.Usage(18, chunks).Replace("chatcmpl-1", Id, StringComparison.Ordinal);

    internal static byte[] Body(int chunks) => [.. System.Text.Encoding.UTF8.GetBytes(Role + string.Concat(Enumerable.Range(0, chunks - 1).Select(ContentAt)) + Last + Usage(chunks) + SseText.Done)];
}
