namespace Vllm.Simulator.Engine;

/// <summary>The numbers that say how long a step takes and how much fits into it. Times in milliseconds.</summary>
sealed record StepModel
{
    public double Base { get; init; }
    public double Weights { get; init; }
    public double PerToken { get; init; }
    public double PerSequence { get; init; }
    public double PerContextToken { get; init; }
    public double Prefill { get; init; }
    public double PrefillAttention { get; init; }
    public double Jitter { get; init; }
    public int MaxSequences { get; init; }
    public int MaxBatchedTokens { get; init; }
    public int TokensPerStep { get; init; } = 1;
    public int Blocks { get; init; } = 28_000;
    public int BlockSize { get; init; } = 16;
    public bool PrefixCache { get; init; } = true;

    // The attention term is part of the constants only up to this context; beyond it grows with the square.
    const int AttentionFree = 2048;

    /// <summary>The length of a step in ticks of 100 ns.</summary>
    public long Ticks(in StepLoad load, Xoshiro256 random)
    {
        var compute = PerToken * load.Tokens;
        var milliseconds = Base + Math.Sqrt((Weights * Weights) + (compute * compute))
            + (PerSequence * load.Sequences) + (PerContextToken * load.Context)
            + (load.HasPrompt ? Prefill : 0) + load.AttentionMilliseconds;
        var sum = 0.0;
        for (var i = 0; i < 12; i++)
        {
            sum += random.NextDouble();
        }

        milliseconds *= 1 + (Jitter * (sum - 6));
        return (long)((milliseconds * TimeSpan.TicksPerMillisecond) + 0.5);
    }

    /// <summary>How much of a step is computing and not reading weights, 0 to 1.</summary>
    public double ComputeShare(int tokens)
    {
        var compute = PerToken * tokens;
        var all = (Weights * Weights) + (compute * compute);
        return all > 0 ? compute * compute / all : 0;
    }

    /// <summary>The extra milliseconds of a prompt chunk that attends to a long context.</summary>
    public double Attention(int chunk, int computed)
    {
        var context = computed + (chunk / 2.0);
        return computed + chunk > AttentionFree ? PrefillAttention * chunk * context : 0;
    }
}

/// <summary>What one step computes.</summary>
struct StepLoad
{
    public int Tokens;
    public int Sequences;
    public long Context;
    public bool HasPrompt;
    public double AttentionMilliseconds;
}
