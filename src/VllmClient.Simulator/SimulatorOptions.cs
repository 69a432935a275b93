namespace Vllm.Simulator;

/// <summary>What the simulated server is and how fast it is. The defaults are <see cref="H100Llama8B"/>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The served model's name; default <c>sim-8b</c>.</summary>
    public string Model { get; set; } = "sim-8b";

    /// <summary>Tokens of prompt and answer together, at most; 16 to 10,000,000; default 8192. They have to fit into <see cref="Blocks"/>, except on a fixed schedule.</summary>
    public int MaxModelLen { get; set; } = 8192;

    /// <summary>Keys accepted on paths below <c>/v1</c>; empty (default): no key needed.</summary>
    public IList<string> ApiKeys { get; private set; } = [];

    /// <summary>Decides lengths, texts, ids and jitter; default 1.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>The port that <c>AddVllmSimulator</c> serves on 127.0.0.1, 0 for any free one; null (default): not served.</summary>
    public int? Port { get; set; }

    /// <summary>The part of a step that is always there; default 1 ms.</summary>
    public TimeSpan StepBase { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The time to read the weights in a step; default 6.5 ms.</summary>
    public TimeSpan StepWeights { get; set; } = TimeSpan.FromMilliseconds(6.5);

    /// <summary>Milliseconds of computing per token of a step; default 0.0245.</summary>
    public double StepMillisecondsPerToken { get; set; } = 0.0245;

    /// <summary>Milliseconds per sequence of a step; default 0.012.</summary>
    public double StepMillisecondsPerSequence { get; set; } = 0.012;

    /// <summary>Milliseconds per token of context read in a step; default 0.00005.</summary>
    public double StepMillisecondsPerContextToken { get; set; } = 0.00005;

    /// <summary>The addition to a step with prompt tokens; default 0.3 ms.</summary>
    public TimeSpan StepPrefill { get; set; } = TimeSpan.FromMilliseconds(0.3);

    /// <summary>Milliseconds per prompt token and token of its context, for contexts above 2,048; default 0.0000013.</summary>
    public double PrefillAttention { get; set; } = 1.3e-6;

    /// <summary>Relative spread of step times, 0 (none) to 0.1; default 0.04.</summary>
    public double Jitter { get; set; } = 0.04;

    /// <summary>Sequences in one step, at most; default 1024.</summary>
    public int MaxSequences { get; set; } = 1024;

    /// <summary>Tokens in one step, at most; default 8192.</summary>
    public int MaxBatchedTokens { get; set; } = 8192;

    /// <summary>Blocks of the key-value cache, of which one is reserved; 2 to 100,000,000; default 28,000; fixed once the simulator is made.</summary>
    public int Blocks { get; set; } = 28_000;

    /// <summary>Tokens of one block; 1 to 1024; default 16; fixed once the simulator is made.</summary>
    public int BlockSize { get; set; } = 16;

    /// <summary>Prompts that begin alike share what was computed, in whole blocks; default true.</summary>
    public bool PrefixCache { get; set; } = true;

    /// <summary>Unfinished sequences, running ones included, above which requests are refused with 503; null (default): no limit.</summary>
    public int? QueueLimit { get; set; }

    /// <summary>Prompt tokens not yet computed at which requests are refused with 503; null (default): no limit.</summary>
    public int? QueuedTokenLimit { get; set; }

    /// <summary>From the request's receipt to its admission, when a stream's head is sent; default 4 ms.</summary>
    public TimeSpan HttpDelay { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Microseconds added to <see cref="HttpDelay"/> per prompt token; default 1.75.</summary>
    public double HttpMicrosecondsPerInputToken { get; set; } = 1.75;

    /// <summary>From admission to the engine's queue; default 1.5 ms.</summary>
    public TimeSpan QueueDelay { get; set; } = TimeSpan.FromMilliseconds(1.5);

    /// <summary>Between the last content, <c>[DONE]</c> and the end of a stream; default 0.2 ms each.</summary>
    public TimeSpan TailDelay { get; set; } = TimeSpan.FromMilliseconds(0.2);

    /// <summary>The shortest natural answer in tokens, its end token included; default 16.</summary>
    public int MinOutputTokens { get; set; } = 16;

    /// <summary>The longest natural answer in tokens; default 512.</summary>
    public int MaxOutputTokens { get; set; } = 512;

    /// <summary>Tokens per chunk of a stream; the first goes out at once; default 1.</summary>
    public int StreamInterval { get; set; } = 1;

    /// <summary>Tokens that one decode step makes per sequence, as speculative decoding does; default 1.</summary>
    public int TokensPerStep { get; set; } = 1;

    /// <summary>How long an idle connection stays open; default 5 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>When set, the first token comes this long after the request's receipt, whatever the load; null (default): the batch decides.</summary>
    public TimeSpan? FixedTimeToFirstToken { get; set; }

    /// <summary>The gap between tokens while <see cref="FixedTimeToFirstToken"/> is set; default 0.</summary>
    public TimeSpan FixedTimePerOutputToken { get; set; }

    /// <summary>Answers carry <c>x-request-id</c>; default false.</summary>
    public bool RequestIdHeaders { get; set; }

    /// <summary>Every chunk of every stream carries usage, asked or not; default false.</summary>
    public bool ForceUsage { get; set; }

    /// <summary>Usage tells cached prompt tokens; default false.</summary>
    public bool PromptTokenDetails { get; set; }

    /// <summary><c>/load</c> counts; default false: it answers 0.</summary>
    public bool LoadTracking { get; set; }

    /// <summary>Llama 3.1 8B in BF16 on one H100, as published: a new object each time.</summary>
    public static SimulatorOptions H100Llama8B => new();

    /// <summary>Steps that take four times as long: a new object each time.</summary>
    public static SimulatorOptions Slow
    {
        get
        {
            var options = new SimulatorOptions();
            options.StepBase *= 4;
            options.StepWeights *= 4;
            options.StepMillisecondsPerToken *= 4;
            options.StepMillisecondsPerSequence *= 4;
            options.StepMillisecondsPerContextToken *= 4;
            options.StepPrefill *= 4;
            options.PrefillAttention *= 4;
            return options;
        }
    }

    /// <summary>A cache of 2,000 blocks, too small for 32 users with prompts of 1,024 tokens, so that requests lose their blocks and begin again: a new object each time.</summary>
    public static SimulatorOptions Tiny => new() { Blocks = 2000 };

    /// <summary>Everything at once, at the speed of the reader: a new object each time.</summary>
    public static SimulatorOptions Instant => Fixed(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Token j (from 0) comes <paramref name="timeToFirstToken"/> + j × <paramref name="timePerOutputToken"/> after the request's receipt, whatever the load.</summary>
    /// <remarks>There is no engine then: nothing waits, no blocks are held or found, and the GPU counts as reading weights while an answer is unfinished.</remarks>
    /// <param name="timeToFirstToken">From receipt to the first token.</param>
    /// <param name="timePerOutputToken">Between tokens.</param>
    /// <returns>A new object.</returns>
    public static SimulatorOptions Fixed(TimeSpan timeToFirstToken, TimeSpan timePerOutputToken) => new()
    {
        FixedTimeToFirstToken = timeToFirstToken,
        FixedTimePerOutputToken = timePerOutputToken,
        HttpDelay = TimeSpan.Zero,
        HttpMicrosecondsPerInputToken = 0,
        QueueDelay = TimeSpan.Zero,
        TailDelay = TimeSpan.Zero,
    };

    internal SimulatorOptions Copy()
    {
        var copy = (SimulatorOptions)MemberwiseClone();
        copy.ApiKeys = [.. ApiKeys];
        return copy;
    }
}
