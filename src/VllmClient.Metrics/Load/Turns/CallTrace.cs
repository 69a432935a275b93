using System.Buffers;

namespace Vllm.Load;

/// <summary>What the observer saw of one call of a turn. Events of one call never come at the same time.</summary>
sealed class CallTrace(long callId, string? step)
{
    uint[]? _gaps;
    long[]? _lastByChoice;

    public long CallId => callId;

    /// <summary>The step named by the work, else the call's operation.</summary>
    public string? Step { get; private set; } = step;

    public long FirstSent { get; private set; } = -1;

    public long Sent { get; private set; } = -1;

    public long FirstContent { get; private set; } = -1;

    public long LastContent { get; private set; } = -1;

    public int Chunks { get; private set; }

    /// <summary>Longest gap in ticks; -1 without one.</summary>
    public long LongestGap { get; private set; } = -1;

    public bool HasSeveralChoices { get; private set; }

    public int? FirstTokens { get; private set; }

    public int GapCount { get; private set; }

    public ReadOnlySpan<uint> Gaps => _gaps.AsSpan(0, GapCount);

    /// <summary>Whether the client has reported the end.</summary>
    public bool HasEnded { get; private set; }

    public long Started { get; private set; } = -1;

    public long Closed { get; private set; } = -1;

    public bool IsStream { get; private set; }

    public VllmCallOutcome Outcome { get; private set; }

    public string? ErrorType { get; private set; }

    public Exception? Error { get; private set; }

    public Usage? Usage { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>When it began, for telling the first call of a turn from the last.</summary>
    public long Order => Started >= 0 ? Started : FirstSent;

    public void OnSent(long tick)
    {
        if (FirstSent < 0) FirstSent = tick;
        Sent = tick;
    }

    public void OnContent(in ContentArrival arrival, long tick)
    {
        if (FirstContent < 0)
        {
            FirstContent = tick;
            FirstTokens = arrival.OutputTokensSoFar;
        }

        LastContent = tick;
        Chunks++;
        ref var last = ref LastOf(arrival.Choice);
        if (last >= 0 && !arrival.HeldByCaller) AddGap(tick - last);
        last = tick;
    }

    public void OnEnded(in VllmCallSummary summary, long started, long ended)
    {
        HasEnded = true;
        Started = started;
        Closed = summary.Timings.Closed is { } closed ? started + closed.Ticks : ended;
        IsStream = summary.IsStream;
        Outcome = summary.Outcome;
        ErrorType = summary.ErrorType;
        Error = summary.Error;
        Usage = summary.Usage;
        Attempts = summary.Attempts;
        FirstTokens = summary.FirstContentTokens ?? FirstTokens;
        Step ??= summary.Operation;
    }

    /// <summary>Gives the gaps' memory back; only once no event can come any more.</summary>
    public void Release()
    {
        if (_gaps is not { } gaps || !HasEnded) return;
        _gaps = null;
        GapCount = 0;
        ArrayPool<uint>.Shared.Return(gaps);
    }

    ref long LastOf(int choice)
    {
        HasSeveralChoices |= choice > 0;
        if (_lastByChoice is null || choice >= _lastByChoice.Length)
        {
            var grown = new long[choice + 1];
            Array.Fill(grown, -1);
            _lastByChoice?.CopyTo(grown, 0);
            _lastByChoice = grown;
        }

        return ref _lastByChoice[choice];
    }

    void AddGap(long gap)
    {
        LongestGap = Math.Max(LongestGap, gap);
        if (_gaps is null || GapCount == _gaps.Length)
        {
            var grown = ArrayPool<uint>.Shared.Rent(Math.Max(256, GapCount * 2));
            if (_gaps is { } gaps)
            {
                gaps.AsSpan(0, GapCount).CopyTo(grown);
                ArrayPool<uint>.Shared.Return(gaps);
            }

            _gaps = grown;
        }

        // Seven minutes between two chunks is beyond every idle limit; a longer gap still counts as that much.
        _gaps[GapCount++] = (uint)Math.Min(gap, uint.MaxValue);
    }
}
