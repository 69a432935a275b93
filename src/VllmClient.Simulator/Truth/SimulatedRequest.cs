namespace Vllm.Simulator;

/// <summary>What really happened to one request: its moments, its tokens, its end. Holds no text.</summary>
/// <remarks>Times count from the simulator's making, in steps of 100 ns; null = not reached. Planned moments are those of the model; on real time they may be a little earlier than the written ones.</remarks>
public sealed class SimulatedRequest
{
    readonly List<TimeSpan> _tokenTimes = [];
    readonly List<TimeSpan> _writeTimes = [];
    readonly List<int> _chunkTokens = [];

    internal SimulatedRequest(string requestId, string path)
    {
        RequestId = requestId;
        Path = path;
    }

    /// <summary>Place in the order of receipt, from 0, over all requests since the simulator was made.</summary>
    public long Ordinal { get; internal init; }

    /// <summary>The client's <c>X-Request-Id</c> or <c>request_id</c>; without either, the simulator's own 16 hex digits.</summary>
    public string RequestId { get; }

    /// <summary>The path called, without query.</summary>
    public string Path { get; }

    /// <summary>The model asked for; null if the request named none or could not be read.</summary>
    public string? Model { get; internal set; }

    /// <summary>Whether the answer was to be streamed.</summary>
    public bool IsStream { get; internal set; }

    /// <summary>Choices to generate over all prompts; at least 1.</summary>
    public int Choices { get; internal set; } = 1;

    /// <summary>The whole request had been read.</summary>
    public TimeSpan Received { get; internal init; }

    /// <summary>The request was admitted; a stream's head was sent.</summary>
    public TimeSpan? Arrived { get; internal set; }

    /// <summary>The engine's queue took the request.</summary>
    public TimeSpan? Queued { get; internal set; }

    /// <summary>The start of the first step that worked on the request.</summary>
    public TimeSpan? Scheduled { get; internal set; }

    /// <summary>The planned moment of the first token.</summary>
    public TimeSpan? FirstToken { get; internal set; }

    /// <summary>The planned moment of the last token so far.</summary>
    public TimeSpan? LastToken { get; internal set; }

    /// <summary>The end, whatever it was: the answer's last byte, the refusal, or the client's leaving.</summary>
    public TimeSpan? Closed { get; internal set; }

    /// <summary>The planned moments of all tokens of all choices, in order; length = <see cref="OutputTokens"/>.</summary>
    public IReadOnlyList<TimeSpan> TokenTimes => _tokenTimes;

    /// <summary>The moments at which chunks with tokens were written to the client, in order; one per chunk.</summary>
    public IReadOnlyList<TimeSpan> WriteTimes => _writeTimes;

    /// <summary>The tokens that each chunk brought, those without text included; one per chunk.</summary>
    public IReadOnlyList<int> ChunkTokens => _chunkTokens;

    /// <summary>Input tokens: those of all prompts.</summary>
    public int InputTokens { get; internal set; }

    /// <summary>Prompt tokens found in the prefix cache when a choice was first scheduled, over all choices; of one prompt each choice counts its own.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>Tokens generated so far, over all choices.</summary>
    public int OutputTokens => _tokenTimes.Count;

    /// <summary>The most blocks of the key-value cache held at once, over all choices; shared ones count for each. 0 on a fixed schedule, which holds none.</summary>
    public int BlocksPeak { get; private set; }

    /// <summary>How often a choice lost its blocks and had to begin again, over all choices.</summary>
    public int Preemptions { get; internal set; }

    /// <summary>The finish reason of the choice that ended last; null while none has.</summary>
    public string? FinishReason { get; internal set; }

    /// <summary>How it ended; null while it is open.</summary>
    public RequestOutcome? Outcome { get; internal set; }

    /// <summary>The HTTP status sent; null while none was.</summary>
    public int? Status { get; internal set; }

    internal void AddToken(TimeSpan at)
    {
        FirstToken ??= at;
        LastToken = at;
        _tokenTimes.Add(at);
    }

    internal void Hold(int blocks) => BlocksPeak = Math.Max(BlocksPeak, blocks);

    internal void AddChunk(int tokens) => _chunkTokens.Add(tokens);

    internal void AddWrite(TimeSpan at) => _writeTimes.Add(at);
}
