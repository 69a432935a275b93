using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vllm.Resources;

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

    /// <summary>What records the resources of each run; it must have the runner's clock, and is not disposed. Null: the runner makes one for the run, which watches this application and, if the work has a client, the server behind it, and shows no instruments.</summary>
    public ResourceProbe? ResourceProbe { get; init; }
}
