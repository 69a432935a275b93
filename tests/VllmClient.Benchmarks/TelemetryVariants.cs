using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Vllm.Telemetry;

namespace Vllm.Tests.Benchmarks;

/// <summary>Who listens while calls are measured.</summary>
enum TelemetryListener
{
    Nobody,
    MeterListener,
    Sdk,
    SdkConventionViews,
    SdkExponentialViews,
    Observer,
    SpansUnsampled,
    SpansRecorded,
}

/// <summary>The measuring of a call alone, without HTTP and parsing; and the same work done by Microsoft.Extensions.AI around a client that costs nothing.</summary>
static class TelemetryVariants
{
    const string ForeignMeter = "Experimental.Microsoft.Extensions.AI";

    static readonly Usage Tokens = new() { PromptTokens = 100, CompletionTokens = 200, TotalTokens = 300 };
    static readonly ClientTelemetry Telemetry = new(VllmInstruments.For(null), new(), new("http://gpu:8000"), TimeProvider.System, NullLogger.Instance, () => false);

    /// <summary>One stream of so many chunks, as the client measures it. The stamps are made up: reading the clock is the reader's cost.</summary>
    internal static void Call(int chunks)
    {
        using var call = Telemetry.Start(new CallStart("chat", "llama", true, null, null));
        var now = call.StartedTimestamp;
        call.Sent(1, "0123456789abcdef0123456789abcdef");
        call.Headers(200);
        call.Answered("chatcmpl-1", "llama-3");
        for (var i = 0; i < chunks; i++)
        {
            now += 10_000_000;
            call.Event(now);
            call.Content(new ContentArrival { Timestamp = now, EventsInRead = 1, TextBytes = 4, Kinds = ContentKinds.Text });
        }

        call.Usage(Tokens);
        call.Finished(0, FinishReason.Stop);
        call.Completed(now);
    }

    /// <summary>The same stream through an <see cref="IChatClient"/> that is ready at once, with or without <c>UseOpenTelemetry</c>.</summary>
    internal static void Peer(IChatClient client)
    {
        var reading = ReadAsync(client);
        if (!reading.IsCompleted) throw new InvalidOperationException("The client should have been ready at once.");
        reading.GetAwaiter().GetResult();
    }

    internal static IChatClient Ready(int chunks, bool measured)
    {
        IChatClient ready = new ReadyClient(chunks);
        return measured ? ready.AsBuilder().UseOpenTelemetry().Build() : ready;
    }

    internal static IDisposable? Listen(TelemetryListener who) => who switch
    {
        TelemetryListener.MeterListener => StreamVariants.Listen(),
        TelemetryListener.Sdk => Provider(VllmHistograms.Recommended),
        TelemetryListener.SdkConventionViews => Provider(VllmHistograms.SemanticConventions),
        TelemetryListener.SdkExponentialViews => Provider(VllmHistograms.Exponential),
        TelemetryListener.Observer => VllmCallObserver.Use(new Silent()),
        TelemetryListener.SpansUnsampled => Spans(ActivitySamplingResult.None),
        TelemetryListener.SpansRecorded => Spans(ActivitySamplingResult.AllDataAndRecorded),
        _ => null,
    };

    static MeterProvider Provider(VllmHistograms histograms) => Sdk.CreateMeterProviderBuilder()
        .AddVllmClientInstrumentation(options => options.Histograms = histograms)
        .AddMeter(ForeignMeter)
        .AddReader(new BaseExportingMetricReader(new NoExporter()))
        .Build();

    static ActivityListener Spans(ActivitySamplingResult sampling)
    {
        var listener = new ActivityListener { ShouldListenTo = source => source.Name == VllmTelemetry.ActivitySourceName, Sample = (ref _) => sampling };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    static async Task ReadAsync(IChatClient client)
    {
        await foreach (var update in client.GetStreamingResponseAsync([]))
        {
        }
    }

    sealed class Silent : VllmCallObserver;

    sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }

    /// <summary>Gives the same update again and again, so that what is measured is the measuring.</summary>
    sealed class ReadyClient(int chunks) : IChatClient
    {
        static readonly ChatResponseUpdate Update = new(Microsoft.Extensions.AI.ChatRole.Assistant, " telemetry") { ModelId = "llama-3", ResponseId = "chatcmpl-1" };
        static readonly ChatResponseUpdate Last = new(Microsoft.Extensions.AI.ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 100, OutputTokenCount = 200 })]) { FinishReason = ChatFinishReason.Stop };

        public Task<ChatResponse> GetResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            for (var i = 0; i < chunks; i++) yield return Update;
            yield return Last;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }
    }
}
