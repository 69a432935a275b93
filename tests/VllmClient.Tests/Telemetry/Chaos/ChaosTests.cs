using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry.Chaos;

/// <summary>Acceptance check 3 of the telemetry: whatever happens to calls, and whoever listens meanwhile, every figure agrees with the script. Alone, because listeners to spans are the process's.</summary>
[Collection(nameof(Alone))]
public sealed class ChaosTests : IDisposable
{
    const int AtOnce = 200;
    const string HolderId = "holder";

    static readonly Dictionary<string, int> Places = ChaosCase.All.Select((one, place) => (one.Name, place)).ToDictionary();

    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly FakeTimeProvider _clock = new();
    readonly string _provider = Guid.NewGuid().ToString("N");

    IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    [Fact]
    public async Task Check_3_nine_thousand_calls_in_memory()
    {
        var cases = ChaosCase.All;
        var handler = new ScriptedHandler().Answers((request, token) => Reply(request.Headers.GetValues("X-Request-Id").Single()).RespondAsync(token));

        await RunAsync(options => handler.Client(options, Services), cases, calls: 9000, seed: 7);
    }

    [Fact]
    public async Task Check_3_a_thousand_calls_on_sockets()
    {
        var cases = ChaosCase.All.Where(one => !one.OnlyInMemory).ToList();
        await using var server = new ScriptedServer((request, _) => Reply(request.Headers["X-Request-Id"]).Steps());
        using var http = new HttpClient(Vllm.Http.HttpHandlers.Create(new())) { BaseAddress = server.Url, Timeout = Timeout.InfiniteTimeSpan };

        await RunAsync(
            configure =>
            {
                var options = new VllmClientOptions { BaseUrl = server.Url };
                configure(options);
                return new VllmClient(http, options, Services);
            },
            cases, calls: 1000, seed: 8);
    }

    public void Dispose() => _services.Dispose();

    VllmClientServices Services => new() { MeterFactory = Meters, TimeProvider = _clock };

    async Task RunAsync(Func<Action<VllmClientOptions>, VllmClient> make, IReadOnlyList<ChaosCase> cases, int calls, int seed)
    {
        using var client = make(options => Configure(options, AtOnce * 3 / 4));
        using var gated = make(options => Configure(options, 1));
        using var tally = new ChaosTally(Meters);
        using var spans = new SpanTally(_provider);
        using var backoff = ListenForRetries();
        var picked = Pick(cases, calls - 1, seed);
        using var release = new CancellationTokenSource();
        var holder = gated.ChatAsync(new ChatRequest { Model = "m", Messages = ["q"] }, new() { RequestId = HolderId }, release.Token);

        var (callers, late) = await CallAllAsync(client, gated, picked);

        using (late)
        {
            late.Active().ShouldBe(tally.Active());
            tally.Active().ShouldBe(new Dictionary<string, long> { ["queued"] = 0, ["waiting"] = 1, ["receiving"] = 0, ["backoff"] = 0 }, ignoreOrder: true);
            await release.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(holder);
            late.Active().Values.ShouldAllBe(count => count == 0);
            tally.Active().Values.ShouldAllBe(count => count == 0);
            late.Count(Instruments.OperationDuration).ShouldBeInRange(1, calls - 1);
        }

        Activity.Current.ShouldBeNull();
        AllAgree(tally, spans, [.. picked, new ChaosCase(HolderId, ErrorTypes.Cancelled) { Streams = false }]);
        foreach (var (caller, script) in callers.Zip(picked))
        {
            caller.Ended.ShouldBe(1, script.Name);
            caller.Summary.ErrorType.ShouldBe(script.ErrorType, script.Name);
            caller.Summary.ContentEvents.ShouldBe(script.Chunks, script.Name);
        }
    }

    /// <summary>Makes all calls, 200 at once, while the clock runs and listeners come and go. One that joined half-way stays.</summary>
    async Task<(ChaosCaller[] Callers, ChaosTally Late)> CallAllAsync(VllmClient client, VllmClient gated, List<ChaosCase> picked)
    {
        var callers = new ChaosCaller[picked.Count];
        var next = -1;
        var ended = 0;
        ChaosTally? late = null;
        async Task Work()
        {
            while (Interlocked.Increment(ref next) is var number && number < picked.Count)
            {
                callers[number] = new(client, gated, picked[number], Id(number, picked[number]));
                await callers[number].RunAsync();
                var count = Interlocked.Increment(ref ended);
                if (count == picked.Count / 2) late = new(Meters);
                // A passing listener: it joins while calls run, reads, and leaves.
                if (count % 100 != 0) continue;
                using var passing = new ChaosTally(Meters);
                // Phases are read one after the other, so a call that moves meanwhile may show in both; no phase can hold more than all.
                passing.Active().Values.ShouldAllBe(count => count >= 0 && count <= AtOnce + 1);
                await Task.Yield();
            }
        }

        var all = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(Work)));
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await all;
        return (callers, late.ShouldNotBeNull());
    }

    static void AllAgree(ChaosTally tally, SpanTally spans, IReadOnlyList<ChaosCase> script)
    {
        var errors = script.CountBy(one => one.ErrorType ?? "").ToDictionary(pair => pair.Key, pair => (long)pair.Value);
        var streams = script.Where(one => one.Streams).ToList();

        tally.Count(Instruments.OperationDuration).ShouldBe(script.Count);
        tally.Counts(Instruments.OperationDuration).ShouldBe(errors, ignoreOrder: true);
        spans.Stopped.ShouldBe(errors, ignoreOrder: true);
        tally.Sums(Instruments.TokenUsage)["input"].ShouldBe(script.Sum(one => one.InputTokens));
        tally.Sums(Instruments.TokenUsage)["output"].ShouldBe(script.Sum(one => one.OutputTokens));
        tally.Counts(Instruments.TokenUsage)["output"].ShouldBe(script.Count(one => one.OutputTokens > 0));
        tally.Sums(Instruments.StreamChunks)[""].ShouldBe(streams.Sum(one => one.Chunks));
        tally.Count(Instruments.StreamChunks).ShouldBe(streams.Count);
        tally.Count(Instruments.UsageMissing).ShouldBe(script.Count(one => one.MissesUsage));
        tally.Count(Instruments.TimeToFirstChunk).ShouldBe(streams.Count(one => one.Chunks > 0));
        tally.Count(Instruments.TimeToFirstToken).ShouldBe(streams.Count(one => one.Chunks > 0));
        // Where the clock moved while the caller held the stream, there is no gap to tell of.
        tally.Count(Instruments.TimePerOutputChunk).ShouldBeInRange(1, streams.Sum(one => Math.Max(0, one.Chunks - 1)));
        tally.Count(Instruments.TimePerOutputToken).ShouldBe(streams.Count(one => one.ErrorType is null && one.OutputTokens > 1));
        tally.Count(Instruments.Retries).ShouldBe(script.Sum(one => one.Retries));
        tally.Counts(Instruments.Retries).Keys.ShouldBe(
            script.Where(one => one.Retries > 0).Select(RetryError).Distinct(), ignoreOrder: true);
    }

    static string RetryError(ChaosCase one) => one.Replies[0].Failure is null ? one.Replies[0].Status.ToString(CultureInfo.InvariantCulture) : one.ErrorType!;

    // Every case comes often; the order is the seed's.
    static List<ChaosCase> Pick(IReadOnlyList<ChaosCase> cases, int count, int seed)
    {
        var picked = Enumerable.Range(0, count).Select(number => cases[number % cases.Count]).ToArray();
        new Random(seed).Shuffle(picked);
        return [.. picked];
    }

    // The request id says which case is asked for: number of the call, place of the case; the client adds the attempt.
    static string Id(int number, ChaosCase one) => string.Create(CultureInfo.InvariantCulture, $"{number}.{Places[one.Name]}");

    static ChaosReply Reply(string requestId)
    {
        if (requestId == HolderId) return ChaosReply.Silence;
        var attempt = requestId is [.., '-', 'r', var digit] ? digit - '0' : 0;
        var place = requestId.Split('.', '-')[1];
        var replies = ChaosCase.All[int.Parse(place, CultureInfo.InvariantCulture)].Replies;
        return replies[Math.Min(attempt, replies.Length - 1)];
    }

    MeterListener ListenForRetries()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == Instruments.Retries && ReferenceEquals(instrument.Meter.Scope, Meters)) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => ChaosCaller.OnRetry());
        listener.Start();
        return listener;
    }

    // Only the limits that a case sets may fire, however far the clock runs.
    void Configure(VllmClientOptions options, int places)
    {
        var never = TimeSpan.FromDays(24);
        options.ConnectTimeout = never;
        options.ResponseHeadersTimeout = never;
        options.FirstTokenTimeout = never;
        options.StreamIdleTimeout = never;
        options.MaxRetryDelay = never;
        options.MaxConcurrentRequests = places;
        options.Telemetry.ProviderName = _provider;
    }

    /// <summary>The spans of this test's calls, counted by their error.</summary>
    sealed class SpanTally : IDisposable
    {
        readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> _stopped = new();
        readonly ActivityListener _listener;

        internal SpanTally(string provider)
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    options.Tags?.Any(tag => tag.Value as string == provider) == true ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
                ActivityStopped = span =>
                {
                    if (span.GetTagItem(Attributes.ProviderName) as string == provider)
                        _stopped.AddOrUpdate(span.GetTagItem(Attributes.ErrorType) as string ?? "", 1, (_, count) => count + 1);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        internal Dictionary<string, long> Stopped => new(_stopped);

        public void Dispose() => _listener.Dispose();
    }
}
