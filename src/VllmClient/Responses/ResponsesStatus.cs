namespace Vllm;

/// <summary>How far a response or an item has come. An open set: a word this version does not know is kept as it came.</summary>
public readonly record struct ResponsesStatus
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The server's word.</param>
    public ResponsesStatus(string value) => Value = value;

    /// <summary>The server's word. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>Everything was generated.</summary>
    public static ResponsesStatus Completed { get; } = new("completed");

    /// <summary>A limit ended it; <see cref="ResponsesResult.IncompleteReason"/> names the limit.</summary>
    public static ResponsesStatus Incomplete { get; } = new("incomplete");

    /// <summary>It failed.</summary>
    public static ResponsesStatus Failed { get; } = new("failed");

    /// <summary>It was cancelled.</summary>
    public static ResponsesStatus Cancelled { get; } = new("cancelled");

    /// <summary>It waits, in the background.</summary>
    public static ResponsesStatus Queued { get; } = new("queued");

    /// <summary>It is being generated.</summary>
    public static ResponsesStatus InProgress { get; } = new("in_progress");

    /// <summary>Returns the server's word.</summary>
    public override string ToString() => Value ?? "";
}
