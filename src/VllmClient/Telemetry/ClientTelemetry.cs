using Microsoft.Extensions.Logging;

namespace Vllm.Telemetry;

/// <summary>What all calls of one client share: instruments, names, clock, logger.</summary>
sealed class ClientTelemetry
{
    internal ClientTelemetry(VllmInstruments instruments, VllmTelemetryOptions options, Uri baseUrl, TimeProvider clock, ILogger logger)
    {
        Instruments = instruments;
        Options = options;
        BaseUrl = baseUrl;
        Clock = clock;
        Logger = logger;
    }

    internal VllmInstruments Instruments { get; }

    internal VllmTelemetryOptions Options { get; }

    internal Uri BaseUrl { get; }

    internal TimeProvider Clock { get; }

    internal ILogger Logger { get; }

    /// <summary>Begins to measure a call.</summary>
    internal RequestMeasurement Start(in CallStart start) => new(this, start);
}
