using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Vllm.Load;

/// <summary>What a load runner takes from its surroundings. Each is optional.</summary>
public sealed record LoadRunnerServices
{
    /// <summary>The clock, which must be the client's too; null: the system's. Any other clock is a virtual one, which its owner advances.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Who makes the meter; null: one meter for the whole process.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Where logs go; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
