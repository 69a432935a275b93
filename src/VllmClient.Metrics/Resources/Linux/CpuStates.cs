using System.Runtime.CompilerServices;

namespace Vllm.Resources;

/// <summary>The first eight fields of the <c>cpu</c> line of <c>/proc/stat</c>, in units of 10 ms: user (guests included), nice, system, idle, iowait, irq, softirq, steal.</summary>
[InlineArray(8)]
struct CpuTicks
{
    long _first;
}

/// <summary>Sums processor time by state. Single fields of the kernel can fall back a little; such a step counts as none.</summary>
sealed class CpuStates
{
    const int Idle = 3;
    const int IoWait = 4;
    const int Steal = 7;
    static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(10);

    CpuTicks _last;
    CpuTicks _sum;

    public TimeSpan Total { get; private set; }

    public TimeSpan Busy { get; private set; }

    public TimeSpan StealTime { get; private set; }

    /// <summary>Takes a reading of <c>/proc/stat</c>; the number of processors, or null if it is none.</summary>
    public int? Take(ReadOnlySpan<byte> stat)
    {
        var found = false;
        var processors = 0;
        while (ProcText.TryLine(ref stat, out var line))
        {
            if (!line.StartsWith("cpu"u8)) break;
            if (!ProcText.Word(ref line).SequenceEqual("cpu"u8)) processors++;
            else found = Add(line);
        }

        return found && processors > 0 ? processors : null;
    }

    bool Add(ReadOnlySpan<byte> line)
    {
        long total = 0;
        for (var i = 0; i < 8; i++)
        {
            // Old kernels and virtual ones end early; what is not told is none.
            var now = ProcText.Number(ProcText.Word(ref line)) ?? (i > Idle ? 0 : -1);
            if (now < 0) return false;
            _sum[i] += Math.Max(0, now - _last[i]);
            _last[i] = now;
            total += _sum[i];
        }

        Total = Unit * total;
        Busy = Unit * (total - _sum[Idle] - _sum[IoWait]);
        StealTime = Unit * _sum[Steal];
        return true;
    }
}
