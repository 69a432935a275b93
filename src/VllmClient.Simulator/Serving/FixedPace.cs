namespace Vllm.Simulator.Serving;

/// <summary>Token times that no load changes, in ticks after the receipt.</summary>
readonly record struct FixedPace(long First, long Gap)
{
    public bool IsInstant => First == 0 && Gap == 0;

    public static FixedPace? Of(SimulatorOptions options) =>
        options.FixedTimeToFirstToken is { } first ? new FixedPace(first.Ticks, options.FixedTimePerOutputToken.Ticks) : null;

    public long Due(int token) => First + (token * Gap);
}
