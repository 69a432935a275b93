namespace Vllm.Load;

/// <summary>One turn of a run, as its work sees it: which one it is, and where work that does not use this library's client reports what happened.</summary>
/// <remarks>Its methods may be called until the work is done; what comes later is counted in <see cref="GeneratorHealth.LateCalls"/> and is in no figure.</remarks>
public sealed class LoadTurn
{
    readonly TurnContext _context;

    internal LoadTurn(TurnContext context) => _context = context;

    /// <summary>The turn's number, from 0; the warm-up counts on its own.</summary>
    public long Index => _context.Index;

    /// <summary>The user, from 0; null in phases with a rate.</summary>
    public int? User => _context.User;

    /// <summary>The phase's name.</summary>
    public string Phase => _context.Phase.Name;

    /// <summary>Whether the turn belongs to the warm-up and so to no figure.</summary>
    public bool IsWarmUp => _context.Phase.IsWarmUp;

    /// <summary>When the turn was due, since the run started.</summary>
    public TimeSpan Due => TimeSpan.FromTicks(_context.Due);

    /// <summary>Random numbers of this turn alone, the same in every run with the same seed.</summary>
    public Random Random => field ??= RandomFor(RandomPurpose.Turn);

    internal string RequestId => _context.RequestId;

    /// <summary>Reports that the first piece of the answer is here, now. Later calls do nothing.</summary>
    public void ReportFirstToken() => _context.Arrived(0, isFirst: true);

    /// <summary>Reports that a piece of the answer is here, now; the first one is the first token unless that was reported before.</summary>
    /// <param name="tokens">Tokens in it, if known; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is negative.</exception>
    public void ReportChunk(int tokens = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        _context.Arrived(tokens, isFirst: false);
    }

    /// <summary>Reports the answer's token counts, which count in place of those of calls and chunks.</summary>
    /// <param name="input">Prompt tokens, 0 or more.</param>
    /// <param name="output">Output tokens, 0 or more.</param>
    /// <param name="cached">Prompt tokens from a cache; null if unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public void ReportUsage(int input, int output, int? cached = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfNegative(cached ?? 0, nameof(cached));
        _context.Reported(input, output, cached);
    }

    /// <summary>Marks the turn as failed, even if the work ends without an exception.</summary>
    /// <param name="errorType">The kind of failure, one of few; it becomes a metric's tag.</param>
    /// <exception cref="ArgumentException"><paramref name="errorType"/> is empty.</exception>
    public void Fail(string errorType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(errorType);
        _context.FailedAs(errorType);
    }

    /// <summary>Begins a step: names the calls that follow, so that the report tells them apart.</summary>
    /// <param name="name">The step's name, one of few.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public void BeginStep(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _context.StepName = name;
    }

    // The warm-up has streams of its own: negative numbers.
    internal LoadRandom RandomFor(RandomPurpose purpose) => new(_context.Run.Plan.Seed, purpose, IsWarmUp ? ~Index : Index);
}
