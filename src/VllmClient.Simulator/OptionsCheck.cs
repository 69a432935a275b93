using System.Globalization;

namespace Vllm.Simulator;

/// <summary>Finds everything that is wrong with a set of options.</summary>
static class OptionsCheck
{
    /// <summary>Throws one exception that names all faults.</summary>
    /// <param name="options">The options to check.</param>
    /// <param name="running">Those of a running simulator, which they are to replace.</param>
    public static void ThrowIfInvalid(SimulatorOptions options, SimulatorOptions? running = null)
    {
        var faults = Faults(options);
        if (running is not null && (running.Blocks != options.Blocks || running.BlockSize != options.BlockSize))
        {
            faults.Add("Blocks and BlockSize cannot change once the simulator is made");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException("The simulator's options are not valid: " + string.Join("; ", faults) + ".", nameof(options));
        }
    }

    static List<string> Faults(SimulatorOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Model))
        {
            faults.Add("Model is empty");
        }

        Whole(faults, nameof(options.MaxModelLen), options.MaxModelLen, 16, 10_000_000);
        Whole(faults, nameof(options.Port), options.Port ?? 0, 0, 65_535);
        Whole(faults, nameof(options.MaxSequences), options.MaxSequences, 1, 1_000_000);
        Whole(faults, nameof(options.MaxBatchedTokens), options.MaxBatchedTokens, 1, 10_000_000);
        Whole(faults, nameof(options.Blocks), options.Blocks, 2, 100_000_000);
        Whole(faults, nameof(options.BlockSize), options.BlockSize, 1, 1024);
        Memory(faults, options);
        Whole(faults, nameof(options.QueueLimit), options.QueueLimit ?? 0, 0, int.MaxValue);
        Whole(faults, nameof(options.QueuedTokenLimit), options.QueuedTokenLimit ?? 0, 0, int.MaxValue);
        Whole(faults, nameof(options.MinOutputTokens), options.MinOutputTokens, 1, 10_000_000);
        Whole(faults, nameof(options.MaxOutputTokens), options.MaxOutputTokens, Math.Max(1, options.MinOutputTokens), 10_000_000);
        Whole(faults, nameof(options.StreamInterval), options.StreamInterval, 1, 10_000);
        Whole(faults, nameof(options.TokensPerStep), options.TokensPerStep, 1, 64);
        Number(faults, nameof(options.StepMillisecondsPerToken), options.StepMillisecondsPerToken, 1000);
        Number(faults, nameof(options.StepMillisecondsPerSequence), options.StepMillisecondsPerSequence, 1000);
        Number(faults, nameof(options.StepMillisecondsPerContextToken), options.StepMillisecondsPerContextToken, 1000);
        Number(faults, nameof(options.PrefillAttention), options.PrefillAttention, 1000);
        Number(faults, nameof(options.HttpMicrosecondsPerInputToken), options.HttpMicrosecondsPerInputToken, 1_000_000);
        Number(faults, nameof(options.Jitter), options.Jitter, 0.1);
        Time(faults, nameof(options.StepBase), options.StepBase);
        Time(faults, nameof(options.StepWeights), options.StepWeights);
        Time(faults, nameof(options.StepPrefill), options.StepPrefill);
        Time(faults, nameof(options.HttpDelay), options.HttpDelay);
        Time(faults, nameof(options.QueueDelay), options.QueueDelay);
        Time(faults, nameof(options.TailDelay), options.TailDelay);
        Time(faults, nameof(options.IdleTimeout), options.IdleTimeout);
        Time(faults, nameof(options.FixedTimeToFirstToken), options.FixedTimeToFirstToken ?? TimeSpan.Zero);
        Time(faults, nameof(options.FixedTimePerOutputToken), options.FixedTimePerOutputToken);
        return faults;
    }

    /// <summary>A request of the greatest length must fit alone, or it would give way to itself for ever.</summary>
    static void Memory(List<string> faults, SimulatorOptions options)
    {
        var most = (options.Blocks - 1L) * options.BlockSize;
        if (options.FixedTimeToFirstToken is null && options.MaxModelLen > most)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"MaxModelLen is {options.MaxModelLen}, but Blocks and BlockSize hold {most} tokens; allow more blocks or fewer tokens"));
        }
    }

    static void Whole(List<string> faults, string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; must be {least} to {most}"));
        }
    }

    static void Number(List<string> faults, string name, double value, double most)
    {
        if (!(value >= 0 && value <= most))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; must be 0 to {most}"));
        }
    }

    static void Time(List<string> faults, string name, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; must be 0 to 1 day"));
        }
    }
}
