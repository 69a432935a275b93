namespace Vllm;

/// <summary>How a call went: attempts, head and moments.</summary>
public sealed record CallInfo
{
    /// <summary>The id that the client sent as <c>X-Request-Id</c> with the last attempt.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>Attempts made; 1 if the first succeeded.</summary>
    public int Attempts { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int StatusCode { get; init; }

    /// <summary>Response headers; names compare without regard to case, several values are joined by a comma and a blank.</summary>
    public IReadOnlyDictionary<string, string> Headers { get => field ?? NoHeaders; init; }

    /// <summary>The URL called, without user info and query.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The moments of the call.</summary>
    public VllmCallTimings Timings { get; init; }

    static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();
}
