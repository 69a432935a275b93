using Vllm.Load;

namespace Vllm.Tests.Load;

/// <summary>Turns made by hand; times in milliseconds.</summary>
static class HandTurns
{
    public static long Ms(double milliseconds) => (long)(milliseconds * TimeSpan.TicksPerMillisecond);

    /// <summary>A turn of one call with all its moments.</summary>
    public static TurnRecord Turn(long index, long due, long begun, long sent, long? first, long? last, long ended, int? input, int? output) => new()
    {
        Index = index,
        Due = Ms(due),
        Begun = Ms(begun),
        Sent = Ms(sent),
        FirstContent = first * TimeSpan.TicksPerMillisecond,
        LastContent = last * TimeSpan.TicksPerMillisecond,
        Ended = Ms(ended),
        InputTokens = input,
        OutputTokens = output,
        Calls = 1,
        Attempts = 1,
    };

    /// <summary>A completed turn that began at once: 11 tokens, the first of them half way.</summary>
    public static TurnRecord Done(double milliseconds) => new()
    {
        Begun = 0,
        Sent = 0,
        FirstContent = Ms(milliseconds) / 2,
        LastContent = Ms(milliseconds),
        Ended = Ms(milliseconds),
        OutputTokens = 11,
        Calls = 1,
        Outcome = TurnOutcome.Completed,
    };

    public static IEnumerable<TurnRecord> Done(int count, int milliseconds) => Enumerable.Range(0, count).Select(i => Done(milliseconds) with { Index = i });

    /// <summary>A turn that the end of the drain cut off.</summary>
    public static TurnRecord CutOff(double milliseconds) => new() { Begun = 0, Sent = 0, Ended = Ms(milliseconds), Calls = 1, Outcome = TurnOutcome.CutOff, ErrorIndex = 0 };

    public static TurnRecord Failed(double milliseconds) => CutOff(milliseconds) with { Outcome = TurnOutcome.Failed };

    public static TurnRecord Abandoned(double milliseconds) => CutOff(milliseconds) with { Outcome = TurnOutcome.Abandoned, ErrorIndex = null };

    public static TurnRecord Dropped(double due) => new() { Due = Ms(due), Outcome = TurnOutcome.Dropped };
}
