using System.Diagnostics;

namespace Vllm.Tests.Telemetry;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What measuring costs. Alone, because another test's span listener would record these calls too.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    const int Rounds = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chunk_costs_no_memory(bool isListening)
    {
        using var client = new MeasuredClient(isListening: false, isLogging: false);
        using var listener = new CountingListener(client);
        if (isListening) listener.Listen();
        using var scope = VllmCallObserver.Use(new Silent());
        using var call = client.Stream();
        client.Arrive(call);

        var bytes = Allocated(() => client.Arrive(call));

        bytes.ShouldBe(0);
        (listener.Count > 0).ShouldBe(isListening);
    }

    [Fact]
    public void A_call_that_nobody_listens_to_costs_at_most_400_bytes()
    {
        using var client = new MeasuredClient(isListening: false, isLogging: false);
        var usage = new Usage { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 };

        var bytes = Allocated(() => Whole(client, usage)) / Rounds;

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes per call");
        bytes.ShouldBeLessThanOrEqualTo(400);
    }

    [Fact]
    public void A_listener_to_every_instrument_costs_a_call_nothing_more()
    {
        using var client = new MeasuredClient(isListening: false, isLogging: false);
        var usage = new Usage { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 };
        var silent = Allocated(() => Whole(client, usage));
        using var listener = new CountingListener(client);
        listener.Listen();

        var heard = Allocated(() => Whole(client, usage));

        heard.ShouldBe(silent);
        listener.Count.ShouldBeGreaterThan(Rounds);
    }

    // Asking a sampler costs 48 bytes in .NET itself: it boxes the context of the parent.
    [Theory]
    [InlineData(ActivitySamplingResult.None, 48)]
    [InlineData(ActivitySamplingResult.AllDataAndRecorded, 3072)]
    public void A_span_costs_a_call_at_most_this_many_bytes(ActivitySamplingResult sampling, long most)
    {
        using var client = new MeasuredClient(isListening: false, isLogging: false);
        var usage = new Usage { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 };
        var silent = Allocated(() => Whole(client, usage));
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == VllmTelemetry.ActivitySourceName, Sample = (ref _) => sampling };
        ActivitySource.AddActivityListener(listener);

        var traced = Allocated(() => Whole(client, usage));

        TestContext.Current.TestOutputHelper?.WriteLine($"{(traced - silent) / Rounds} bytes per call");
        ((traced - silent) / Rounds).ShouldBeInRange(0, most);
    }

    static void Whole(MeasuredClient client, Usage usage)
    {
        using var call = client.Stream();
        call.Sent(1, "r");
        call.Headers(200);
        call.Answered("id", "llama-3");
        client.Arrive(call);
        client.Arrive(call);
        call.Usage(usage);
        call.Finished(0, FinishReason.Stop);
        client.Complete(call);
    }

    static long Allocated(Action act)
    {
        for (var i = 0; i < 200; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    sealed class Silent : VllmCallObserver;

    /// <summary>Listens without keeping anything.</summary>
    sealed class CountingListener(MeasuredClient client) : IDisposable
    {
        readonly System.Diagnostics.Metrics.MeterListener _listener = new();

        internal long Count { get; private set; }

        internal void Listen()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, client.MeterFactory)) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Count++);
            _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Count++);
            _listener.Start();
        }

        public void Dispose() => _listener.Dispose();
    }
}
