using Vllm.Testing;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry.Chaos;

/// <summary>What the caller does with the answer.</summary>
enum ChaosReader
{
    All,
    AllThenThrow,
    BreakAtRole,
    BreakAtContent,
    BreakAtFinish,
    ThrowAtRole,
    ThrowAtContent,
    ThrowAtFinish,
    CancelInRead,
    CancelBetweenReads,
    CancelWhileWaiting,
    CancelInBackoff,
    CancelInGate,
}

/// <summary>One kind of call, with what the instruments must say of it.</summary>
sealed record ChaosCase(string Name, string? ErrorType, params ChaosReply[] Replies)
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Never = TimeSpan.FromDays(20);

    internal bool Streams { get; init; } = true;

    internal ChaosReader Reader { get; init; }

    internal int Chunks { get; init; }

    internal int InputTokens { get; init; }

    internal int OutputTokens { get; init; }

    internal bool MissesUsage { get; init; }

    internal int Retries { get; init; }

    internal VllmRequestOptions Limits { get; init; } = new();

    internal bool OnlyInMemory { get; init; }

    internal static IReadOnlyList<ChaosCase> All { get; } = [.. Complete(), .. Streamed(), .. TimedOut(), .. LeftByTheCaller(), .. NotStreamed(), .. Retried()];

    static IEnumerable<ChaosCase> Complete()
    {
        yield return new("whole", null, Whole(17, 5)) { Chunks = 2, InputTokens = 17, OutputTokens = 5 };
        yield return new("whole, then the caller throws", null, Whole(3, 2)) { Chunks = 2, InputTokens = 3, OutputTokens = 2, Reader = ChaosReader.AllThenThrow };
        yield return new("whole without usage", null, ChaosReply.Stream(SseText.Role(), SseText.Text("a"), SseText.Last("b"), SseText.Done)) { Chunks = 2, MissesUsage = true };
        yield return new("break after the end", null, Whole(1, 1)) { Chunks = 2, MissesUsage = true, Reader = ChaosReader.BreakAtFinish };
        yield return new("throw after the end", null, Whole(1, 1)) { Chunks = 2, MissesUsage = true, Reader = ChaosReader.ThrowAtFinish };
    }

    static IEnumerable<ChaosCase> Streamed()
    {
        yield return new("in-band error", ErrorTypes.StreamError, ChaosReply.Stream(SseText.Role(), SseText.Text("a"), SseText.EngineDied, SseText.Done)) { Chunks = 1, MissesUsage = true };
        yield return new("in-band overload", ErrorTypes.StreamOverloaded, ChaosReply.Stream(SseText.Event("""{"error":{"message":"busy","type":"x","param":null,"code":503}}"""), SseText.Done));
        yield return new("malformed", ErrorTypes.StreamMalformed, ChaosReply.Stream(SseText.Role(), SseText.Text("a"), SseText.Event("{\"x"))) { Chunks = 1, MissesUsage = true };
        yield return new("cut", ErrorTypes.StreamTruncated, ChaosReply.Stream(ChaosEnd.Cut, SseText.Role(), SseText.Text("a"))) { Chunks = 1, MissesUsage = true };
        yield return new("broken", ErrorTypes.StreamTruncated, ChaosReply.Stream(ChaosEnd.Fault, SseText.Role(), SseText.Text("a"))) { Chunks = 1, MissesUsage = true, OnlyInMemory = true };
        yield return new("aborted", ErrorTypes.Aborted, ChaosReply.Stream(SseText.Role(), SseText.Text("a"), SseText.Finish("abort"), SseText.Done)) { Chunks = 1, MissesUsage = true };
    }

    static IEnumerable<ChaosCase> TimedOut()
    {
        yield return new("connect", ErrorTypes.ConnectTimeout, ChaosReply.Fails(() => new TaskCanceledException("slow", new TimeoutException()))) { OnlyInMemory = true };
        yield return new("head", ErrorTypes.ResponseHeadersTimeout, ChaosReply.Silence) { Limits = new() { ResponseHeadersTimeout = Second } };
        yield return new("head, not streamed", ErrorTypes.ResponseHeadersTimeout, ChaosReply.Silence) { Streams = false, Limits = new() { ResponseHeadersTimeout = Second } };
        yield return new("first token", ErrorTypes.FirstTokenTimeout, ChaosReply.Stream(ChaosEnd.Hang, SseText.Role())) { Limits = new() { FirstTokenTimeout = Second } };
        yield return new("idle", ErrorTypes.StreamIdleTimeout, ChaosReply.Stream(ChaosEnd.Hang, SseText.Role() + SseText.Text("a"))) { Chunks = 1, MissesUsage = true, Limits = new() { StreamIdleTimeout = Second } };
        yield return new("total", ErrorTypes.TotalTimeout, ChaosReply.Silence) { Limits = new() { Timeout = Second } };
    }

    static IEnumerable<ChaosCase> LeftByTheCaller()
    {
        var open = ChaosReply.Stream(ChaosEnd.Hang, SseText.Role(), SseText.Text("a"));
        yield return new("break at the role", ErrorTypes.Abandoned, open) { Reader = ChaosReader.BreakAtRole };
        yield return new("throw at the role", ErrorTypes.Abandoned, open) { Reader = ChaosReader.ThrowAtRole };
        yield return new("break at content", ErrorTypes.Abandoned, open) { Chunks = 1, MissesUsage = true, Reader = ChaosReader.BreakAtContent };
        yield return new("throw at content", ErrorTypes.Abandoned, open) { Chunks = 1, MissesUsage = true, Reader = ChaosReader.ThrowAtContent };
        yield return new("cancel in a read", ErrorTypes.Cancelled, open) { Chunks = 1, MissesUsage = true, Reader = ChaosReader.CancelInRead };
        yield return new("cancel between reads", ErrorTypes.Cancelled, open) { Chunks = 1, MissesUsage = true, Reader = ChaosReader.CancelBetweenReads };
        yield return new("cancel while waiting", ErrorTypes.Cancelled, ChaosReply.Silence) { Streams = false, Reader = ChaosReader.CancelWhileWaiting };
        yield return new("cancel in back-off", ErrorTypes.Cancelled, ChaosReply.Refusal(503, Never)) { Streams = false, Retries = 1, Reader = ChaosReader.CancelInBackoff };
        yield return new("cancel in the gate", ErrorTypes.Cancelled) { Streams = false, Reader = ChaosReader.CancelInGate };
    }

    static IEnumerable<ChaosCase> NotStreamed()
    {
        yield return new("answer", null, ChaosReply.Json(200, SseText.ChatAnswer("a"))) { Streams = false, InputTokens = 18, OutputTokens = 12 };
        yield return new("answer aborted", ErrorTypes.Aborted, ChaosReply.Json(200, SseText.ChatAnswer("a", "abort"))) { Streams = false, InputTokens = 18, OutputTokens = 12 };
        yield return new("page", ErrorTypes.InvalidResponse, new ChaosReply(200, "text/html", ["<html/>"])) { Streams = false };
        yield return new("refused", "400", ChaosReply.Refusal(400)) { Streams = false };
        yield return new("stream refused", "422", ChaosReply.Refusal(422));
        yield return new("name", "name_resolution_error", Fails(HttpRequestError.NameResolutionError)) { Streams = false, Retries = 2, OnlyInMemory = true };
        yield return new("ended", ErrorTypes.ResponseEnded, Fails(HttpRequestError.ResponseEnded)) { Streams = false, OnlyInMemory = true };
        yield return new("defect", ErrorTypes.Other, ChaosReply.Fails(() => new InvalidOperationException("defect"))) { Streams = false, OnlyInMemory = true };
    }

    static IEnumerable<ChaosCase> Retried()
    {
        var busy = ChaosReply.Refusal(503, TimeSpan.Zero);
        yield return new("busy once", null, busy, Whole(9, 4)) { Chunks = 2, InputTokens = 9, OutputTokens = 4, Retries = 1 };
        yield return new("busy twice", null, busy, busy, ChaosReply.Json(200, SseText.ChatAnswer("a"))) { Streams = false, InputTokens = 18, OutputTokens = 12, Retries = 2 };
        yield return new("busy to the end", "503", busy) { Retries = 2 };
        yield return new("limited to the end", "429", ChaosReply.Refusal(429)) { Streams = false, Retries = 2 };
        yield return new("no connection", ErrorTypes.ConnectionError, Fails(HttpRequestError.ConnectionError)) { Retries = 2, OnlyInMemory = true };
    }

    static ChaosReply Whole(int prompt, int completion) =>
        ChaosReply.Stream(SseText.Role(), SseText.Text("a"), SseText.Last("b"), SseText.Usage(prompt, completion), SseText.Done);

    static ChaosReply Fails(HttpRequestError error) => ChaosReply.Fails(() => new HttpRequestException(error, "scripted"));
}
