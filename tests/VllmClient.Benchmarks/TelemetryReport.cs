using System.Globalization;
using System.Text;

namespace Vllm.Tests.Benchmarks;

/// <summary>Time and bytes that measuring adds, per call and per chunk, for RESULTS.md.</summary>
static class TelemetryReport
{
    const int Rounds = 15;
    const int Many = 1001;

    static readonly (TelemetryListener Who, string Name)[] Rows =
    [
        (TelemetryListener.Nobody, "nobody"),
        (TelemetryListener.Observer, "an observer that does nothing"),
        (TelemetryListener.MeterListener, "a `MeterListener` to all instruments"),
        (TelemetryListener.Sdk, "OpenTelemetry SDK, `AddVllmClientInstrumentation()`"),
        (TelemetryListener.SdkConventionViews, "the same with `Histograms = SemanticConventions` (views)"),
        (TelemetryListener.SdkExponentialViews, "the same with `Histograms = Exponential` (views)"),
        (TelemetryListener.SpansUnsampled, "spans, not sampled"),
        (TelemetryListener.SpansRecorded, "spans, recorded"),
    ];

    internal static string Measure()
    {
        WarmUp();
        var text = new StringBuilder("""

            ## What measuring costs

            The measurement alone, in memory, on one thread: no HTTP, no parsing, no clock per chunk. A call here is a stream of one chunk; a chunk is what one more adds.
            Goals: nobody listening 1 µs and 400 B a call, 10 ns and 0 B a chunk; the SDK 100 µs for a call of 200 chunks and no byte more; spans 100 ns unrecorded, 5 µs and 3 KB recorded.

            |who listens|per call|bytes per call|per chunk|bytes per chunk|call of 200 chunks|
            |---|---|---|---|---|---|

            """);
        foreach (var (who, name) in Rows)
        {
            using var listener = TelemetryVariants.Listen(who);
            Append(text, name, TelemetryVariants.Call);
        }

        foreach (var (who, name) in new[] { (TelemetryListener.Nobody, "nobody"), (TelemetryListener.Sdk, "OpenTelemetry SDK") })
        {
            using var listener = TelemetryVariants.Listen(who);
            AppendPeer(text, $"Microsoft.Extensions.AI's `UseOpenTelemetry`: {name}");
        }

        return text.Append("""

            The peer's rows are what `UseOpenTelemetry` adds to a chat client that has its updates ready.

            """).ToString();
    }

    // Until the compiler is done with every path: the first rows would else pay for all.
    static void WarmUp()
    {
        foreach (var (who, _) in Rows)
        {
            using var listener = TelemetryVariants.Listen(who);
            for (var i = 0; i < 2000; i++) TelemetryVariants.Call(100);
            Thread.Sleep(300);
        }
    }

    static void Append(StringBuilder text, string name, Action<int> call)
    {
        var one = Cost(() => call(1), 2000);
        var many = Cost(() => call(Many), 20);
        var usual = Cost(() => call(200), 100);
        Append(text, name, one, many, usual);
    }

    static void AppendPeer(StringBuilder text, string name)
    {
        (double, double) Extra(int chunks, int calls)
        {
            using var ready = TelemetryVariants.Ready(chunks, measured: false);
            using var measured = TelemetryVariants.Ready(chunks, measured: true);
            var without = Cost(() => TelemetryVariants.Peer(ready), calls);
            var with = Cost(() => TelemetryVariants.Peer(measured), calls);
            return (with.Nanoseconds - without.Nanoseconds, with.Bytes - without.Bytes);
        }

        Append(text, name, Extra(1, 2000), Extra(Many, 20), Extra(200, 100));
    }

    static void Append(StringBuilder text, string name, (double Nanoseconds, double Bytes) one, (double Nanoseconds, double Bytes) many, (double Nanoseconds, double Bytes) usual) =>
        text.Append(CultureInfo.InvariantCulture, $"|{name}|{one.Nanoseconds / 1000:0.00} µs|{one.Bytes:0} B|{(many.Nanoseconds - one.Nanoseconds) / (Many - 1):0.0} ns|{(many.Bytes - one.Bytes) / (Many - 1):0.0} B|{usual.Nanoseconds / 1000:0.0} µs|\n");

    // The fastest round: what disturbs a measurement only ever adds.
    static (double Nanoseconds, double Bytes) Cost(Action act, int calls)
    {
        for (var i = 0; i < 3 * calls; i++) act();
        Thread.Sleep(200);
        var best = double.MaxValue;
        var bytes = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < calls; i++) act();
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / calls);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)calls);
        }

        return (best, bytes);
    }
}
