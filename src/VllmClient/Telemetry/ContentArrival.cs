namespace Vllm;

/// <summary>What a content event carried.</summary>
[Flags]
public enum ContentKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Visible text.</summary>
    Text = 1,

    /// <summary>Reasoning text.</summary>
    Reasoning = 2,

    /// <summary>A piece of a tool call.</summary>
    ToolCall = 4,

    /// <summary>Token ids.</summary>
    TokenIds = 8,

    /// <summary>Log probabilities.</summary>
    Logprobs = 16,
}

/// <summary>One content event of one choice of a stream, as the client saw it arrive.</summary>
public readonly record struct ContentArrival
{
    /// <summary>The call, unique in this process.</summary>
    public long CallId { get; init; }

    /// <summary>Raw timestamp of the client's <see cref="TimeProvider"/>, taken when the read returned.</summary>
    public long Timestamp { get; init; }

    /// <summary>Zero-based index of the choice.</summary>
    public int Choice { get; init; }

    /// <summary>How many events the same read brought so far, this one included; at least 1.</summary>
    public int EventsInRead { get; init; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments in this event.</summary>
    public int TextBytes { get; init; }

    /// <summary>What the event carried.</summary>
    public ContentKinds Kinds { get; init; }

    /// <summary>Output tokens up to this event; null unless the server sends running usage or token ids.</summary>
    public int? OutputTokensSoFar { get; init; }

    /// <summary>Whether the gap before this event belongs to the caller, who was slow to ask for it.</summary>
    public bool HeldByCaller { get; init; }
}

/// <summary>One attempt of a call was handed to HTTP.</summary>
public readonly record struct CallSent
{
    /// <summary>The call, unique in this process.</summary>
    public long CallId { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>Raw timestamp of the client's <see cref="TimeProvider"/>.</summary>
    public long Timestamp { get; init; }
}
