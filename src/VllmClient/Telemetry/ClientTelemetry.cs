using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Vllm.Telemetry;

/// <summary>What all calls of one client share: instruments, tags, clock, logger.</summary>
sealed class ClientTelemetry
{
    readonly GenAiMetricsMode _genAi;
    readonly Func<bool> _foreignInstruments;
    int _usageMissingLogged;
    int _toolCallInTextLogged;
    int _observerFailedLogged;

    internal ClientTelemetry(
        VllmInstruments instruments,
        VllmTelemetryOptions options,
        Uri baseUrl,
        TimeProvider clock,
        ILogger logger,
        Func<bool>? foreignInstruments = null)
    {
        Instruments = instruments;
        Clock = clock;
        Logger = logger;
        Tags = new CallTagCache(instruments, options, baseUrl, logger);
        _genAi = options.EmitGenAiMetrics;
        _foreignInstruments = foreignInstruments ?? ForeignInstruments.InProcess;
    }

    internal static ActivitySource Source { get; } =
        new(new ActivitySourceOptions(VllmTelemetry.ActivitySourceName) { TelemetrySchemaUrl = VllmTelemetry.SchemaUrl });

    internal VllmInstruments Instruments { get; }

    internal CallTagCache Tags { get; }

    internal TimeProvider Clock { get; }

    internal ILogger Logger { get; }

    /// <summary>Begins to measure a call.</summary>
    /// <exception cref="ArgumentException">The call's tags break a rule.</exception>
    internal RequestMeasurement Start(in CallStart start)
    {
        var tags = Tags.Get(start.Operation, start.Model, start.Tags);
        var enabled = Instruments.Snapshot();
        if (!EmitsGenAi(start.IsAdapter)) enabled &= ~InstrumentSet.GenAi;
        if (start.Operation == CallTags.CustomOperation) enabled &= InstrumentSet.Custom;
        return new RequestMeasurement(this, start, tags, enabled);
    }

    internal void UsageMissing()
    {
        if (Interlocked.Exchange(ref _usageMissingLogged, 1) == 0) Log.UsageMissing(Logger);
    }

    internal void ToolCallInText()
    {
        if (Interlocked.Exchange(ref _toolCallInTextLogged, 1) == 0) Log.ToolCallInText(Logger);
    }

    internal void ObserverFailed(VllmCallObserver observer, Exception error)
    {
        if (Interlocked.Exchange(ref _observerFailedLogged, 1) == 0) Log.ObserverFailed(Logger, observer.GetType().Name, error.GetType().Name);
    }

    bool EmitsGenAi(bool isAdapter) => _genAi switch
    {
        GenAiMetricsMode.Always => true,
        GenAiMetricsMode.Never => false,
        _ => !isAdapter || !_foreignInstruments(),
    };
}
