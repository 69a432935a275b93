using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>What a resource probe takes from its surroundings. Each is optional.</summary>
public sealed record ResourceProbeServices
{
    /// <summary>The clock; null: the system's. With any other clock, time is virtual and this machine is not read.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Who makes the meter; null: one meter for the whole process.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Where logs go; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Who sends the requests for pages; it is not disposed. Null: a handler of the probe's own.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }
}
