namespace Vllm.Load;

/// <summary>What work without this library's client reports of a turn.</summary>
sealed class ForeignTrace
{
    readonly Lock _sync = new();

    public long First { get; private set; } = -1;

    public long Last { get; private set; } = -1;

    public int Chunks { get; private set; }

    public int? FirstTokens { get; private set; }

    public long LongestGap { get; private set; } = -1;

    /// <summary>Gaps in ticks, in order of arrival.</summary>
    public List<uint> Gaps { get; } = [];

    public int? Input { get; private set; }

    public int? Output { get; private set; }

    public int? Cached { get; private set; }

    public void Arrived(long tick, int tokens, bool isFirst)
    {
        lock (_sync)
        {
            if (isFirst && First >= 0) return;
            if (First < 0)
            {
                First = tick;
                if (tokens > 0) FirstTokens = tokens;
            }

            if (isFirst) return;
            if (Chunks > 0)
            {
                LongestGap = Math.Max(LongestGap, tick - Last);
                Gaps.Add((uint)Math.Clamp(tick - Last, 0, uint.MaxValue));
            }

            Chunks++;
            Last = tick;
            if (tokens > 0) Output = (Output ?? 0) + tokens;
        }
    }

    public void Reported(int input, int output, int? cached)
    {
        lock (_sync) (Input, Output, Cached) = (input, output, cached);
    }
}
