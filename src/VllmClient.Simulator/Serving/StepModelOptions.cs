using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Serving;

/// <summary>The engine's numbers out of the options.</summary>
static class StepModelOptions
{
    public static StepModel ToStepModel(this SimulatorOptions options) => new()
    {
        Base = options.StepBase.TotalMilliseconds,
        Weights = options.StepWeights.TotalMilliseconds,
        PerToken = options.StepMillisecondsPerToken,
        PerSequence = options.StepMillisecondsPerSequence,
        PerContextToken = options.StepMillisecondsPerContextToken,
        Prefill = options.StepPrefill.TotalMilliseconds,
        PrefillAttention = options.PrefillAttention,
        Jitter = options.Jitter,
        MaxSequences = options.MaxSequences,
        MaxBatchedTokens = options.MaxBatchedTokens,
        TokensPerStep = options.TokensPerStep,
        Blocks = options.Blocks,
        BlockSize = options.BlockSize,
        PrefixCache = options.PrefixCache,
    };
}
