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
/// <param name="CallId">The call, unique in this process.</param>
/// <param name="Timestamp">Raw timestamp of the client's <see cref="TimeProvider"/>, taken when the read returned.</param>
/// <param name="Choice">Zero-based index of the choice.</param>
/// <param name="EventsInRead">How many events the same read brought so far, this one included; at least 1.</param>
/// <param name="TextBytes">UTF-8 bytes of text, reasoning and tool arguments in this event.</param>
/// <param name="Kinds">What the event carried.</param>
/// <param name="OutputTokensSoFar">Output tokens up to this event, if the server sends running usage or token ids; else null.</param>
/// <param name="HeldByCaller">Whether the gap before this event belongs to the caller, who was slow to ask for it.</param>
public readonly record struct ContentArrival(
    long CallId,
    long Timestamp,
    int Choice,
    int EventsInRead,
    int TextBytes,
    ContentKinds Kinds,
    int? OutputTokensSoFar,
    bool HeldByCaller);

/// <summary>One attempt of a call was handed to HTTP.</summary>
/// <param name="CallId">The call, unique in this process.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="Timestamp">Raw timestamp of the client's <see cref="TimeProvider"/>.</param>
public readonly record struct CallSent(long CallId, int Attempt, long Timestamp);
