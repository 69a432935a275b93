using System.Net;
using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry.Chaos;

/// <summary>How the body of an answer ends.</summary>
enum ChaosEnd
{
    Whole,
    Cut,
    Fault,
    Hang,
}

/// <summary>The answer to one attempt, for a handler in memory and for a server on a socket alike.</summary>
sealed record ChaosReply(int Status, string ContentType, string[] Pieces, ChaosEnd End = ChaosEnd.Whole)
{
    const string EventStream = "text/event-stream; charset=utf-8";

    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Never even a head.</summary>
    internal static ChaosReply Silence { get; } = new(0, "", []);

    /// <summary>An exception instead of an answer; only in memory.</summary>
    internal Func<Exception>? Failure { get; init; }

    internal static ChaosReply Stream(ChaosEnd end, params string[] events) => new(200, EventStream, events, end);

    internal static ChaosReply Stream(params string[] events) => Stream(ChaosEnd.Whole, events);

    internal static ChaosReply Json(int status, string body) => new(status, "application/json", [body]);

    internal static ChaosReply Refusal(int status, TimeSpan? retryAfter = null) =>
        Json(status, $$$"""{"error":{"message":"scripted","type":"x","param":null,"code":{{{status}}}}}""") with { RetryAfter = retryAfter };

    internal static ChaosReply Fails(Func<Exception> failure) => new(0, "", []) { Failure = failure };

    internal async Task<HttpResponseMessage> RespondAsync(CancellationToken cancellationToken)
    {
        if (Failure is not null) throw Failure();
        if (Status == 0) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        // A hop, as a network has one: calls would otherwise run one after the other.
        await Task.Yield();
        var response = new HttpResponseMessage((HttpStatusCode)Status) { Content = new StreamContent(new TrickleStream([.. Pieces.Select(BodyStep.Text), .. Tail()])) };
        response.Content.Headers.TryAddWithoutValidation("content-type", ContentType);
        if (RetryAfter is { } pause) response.Headers.RetryAfter = new(pause);
        return response;
    }

    internal IReadOnlyList<ServerStep> Steps()
    {
        if (Status == 0) return [ServerStep.Hang];
        if (ContentType != EventStream)
            return [ServerStep.Send(HttpBytes.Response(Status, Pieces[0], ContentType, RetryAfter is { } pause ? [$"retry-after: {(long)pause.TotalSeconds}"] : []))];
        var steps = new List<ServerStep> { ServerStep.Send(HttpBytes.StreamHead) };
        steps.AddRange(Pieces.Select(piece => ServerStep.Send(HttpBytes.Chunk(Encoding.UTF8.GetBytes(piece)))));
        steps.Add(End switch
        {
            ChaosEnd.Whole => ServerStep.Send(HttpBytes.LastChunk),
            ChaosEnd.Cut => ServerStep.Close,
            ChaosEnd.Hang => ServerStep.Hang,
            _ => throw new NotSupportedException("A reset on a socket may overtake what was sent before it."),
        });
        return steps;
    }

    IEnumerable<BodyStep> Tail() => End switch
    {
        ChaosEnd.Fault => [BodyStep.Fail(new IOException("The connection broke."))],
        ChaosEnd.Hang => [BodyStep.Hang()],
        _ => [],
    };
}
