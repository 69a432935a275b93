using Vllm.Load;
using Vllm.Simulator;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.EndToEnd.Telemetry;

/// <summary>Acceptance checks 4 and 16: the instruments against a server whose every moment is known, to one tick, and against the load runner's report.</summary>
public sealed class InstrumentTruthTests : IDisposable
{
    static readonly TimeSpan FirstToken = TimeSpan.FromMilliseconds(50);

    readonly HeardInstruments _heard = new();
    readonly VirtualTimeProvider _time = new();

    [Fact]
    public void Check_4_a_stream_of_a_fixed_server_gives_the_closed_form_of_each_figure()
    {
        var truth = Run(gap: 10, request => request with { MaxTokens = 11 }, (_, _) => Task.CompletedTask);

        // The role event comes at once, and is no content.
        Is(Instruments.TimeToFirstToken, 0.05);
        Is(Instruments.TimeToFirstChunk, 0.05);
        Is(Instruments.TimeToFirstVisibleToken, 0.05);
        Is(Instruments.TimePerOutputToken, 0.01);
        Is(Instruments.TimePerOutputChunk, [.. Enumerable.Repeat(0.01, 10)]);
        Is(Instruments.LongestStall, 0.01);
        Is(Instruments.OperationDuration, 0.15);
        Is(Instruments.StreamChunks, 11);
        _heard.Values(Instruments.TokenUsage, "output").ShouldBe([11]);
        _heard.Values(Instruments.TokenUsage, "input").ShouldBe([truth.InputTokens]);
        _heard.Values(Instruments.UsageMissing).ShouldBeEmpty();
        _heard.Active().Values.ShouldAllBe(count => count == 0);
    }

    [Fact]
    public void Check_4_three_choices_have_their_own_gaps_and_no_time_per_output_token()
    {
        var truth = Run(gap: 10, request => request with { MaxTokens = 5, N = 3 }, (_, _) => Task.CompletedTask);

        truth.OutputTokens.ShouldBe(15);
        Is(Instruments.TimeToFirstToken, 0.05);
        Is(Instruments.TimePerOutputChunk, [.. Enumerable.Repeat(0.01, 12)]);
        Is(Instruments.LongestStall, 0.01);
        Is(Instruments.StreamChunks, 15);
        Is(Instruments.TimePerOutputToken);
        _heard.Values(Instruments.TokenUsage, "output").ShouldBe([15]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(20, 29)]
    public void Check_4_a_slow_caller_of_a_fast_server_is_no_gap_of_the_servers(int every, int expected)
    {
        var count = 0;
        Task Consume(ChatUpdate update, TimeProvider time) => count++ % every == every - 1 ? Task.Delay(TimeSpan.FromMilliseconds(200), time) : Task.CompletedTask;

        Run(gap: 20, request => request with { MaxTokens = 40 }, Consume);

        // What waited while the caller was away tells nothing of the server's pace.
        var gaps = _heard.Values(Instruments.TimePerOutputChunk);
        gaps.Length.ShouldBe(expected);
        gaps.ShouldAllBe(gap => gap <= 0.02 + 1e-9);
        _heard.Values(Instruments.LongestStall).ShouldAllBe(stall => stall <= 0.02 + 1e-9);
        Is(Instruments.StreamChunks, 40);
    }

    [Fact]
    public void Check_4_an_answer_that_is_not_streamed_gives_duration_and_tokens_only()
    {
        using var server = new Lease(Fixed(10), _time, _heard);

        var result = _time.Run(() => server.Client.ChatAsync(new() { Messages = ["q"], MaxTokens = 11, IgnoreEos = true }, cancellationToken: CancellationToken.None));

        Is(Instruments.OperationDuration, 0.15);
        _heard.Values(Instruments.TokenUsage).ShouldBe([result.Usage!.PromptTokens, 11]);
        Is(Instruments.TimeToFirstToken);
        Is(Instruments.StreamChunks);
    }

    [Fact]
    public void Check_16_the_load_runner_and_the_instruments_tell_the_same()
    {
        using var server = new Lease(SimulatorOptions.H100Llama8B, _time, _heard);
        var work = LoadWork.Chat(server.Client, Prompts.Fixed("Once upon a time", maxTokens: 40));
        var report = _time.Run(async () =>
        {
            await using var runner = new LoadRunner(new LoadRunnerServices { TimeProvider = _time });
            var plan = new LoadPlan { Seed = 3, WarmUp = null, Phases = [LoadPhase.Rate(40, requests: 120), LoadPhase.Users(8, requests: 80)] };
            return await runner.RunAsync(plan, work);
        });

        var turns = report.Turns!;
        turns.Count.ShouldBe(200);
        _heard.Values(Instruments.OperationDuration).Length.ShouldBe(turns.Count);
        _heard.Values(Instruments.TokenUsage, "output").Sum().ShouldBe(turns.Sum(turn => (double)turn.OutputTokens!));
        _heard.Values(Instruments.TokenUsage, "input").Sum().ShouldBe(turns.Sum(turn => (double)turn.InputTokens!));
        _heard.Values(Instruments.StreamChunks).Sum().ShouldBe(turns.Sum(turn => (double)turn.Chunks!));
        var perCall = turns.Count * 1e-6;
        _heard.Values(Instruments.TimeToFirstToken).Sum().ShouldBe(turns.Sum(turn => Seconds(turn.Sent, turn.FirstContent)), perCall);
        var several = turns.Where(turn => turn.OutputTokens > 1).ToList();
        _heard.Values(Instruments.TimePerOutputToken).Length.ShouldBe(several.Count);
        _heard.Values(Instruments.TimePerOutputToken).Sum().ShouldBe(
            several.Sum(turn => Seconds(turn.FirstContent, turn.LastContent) / (turn.OutputTokens!.Value - (turn.FirstChunkTokens ?? 1))), perCall);
        _heard.Values(Instruments.LongestStall).Sum().ShouldBe(several.Sum(turn => turn.LongestGap!.Value * 1e-6), perCall * 2);
    }

    public void Dispose() => _heard.Dispose();

    SimulatedRequest Run(int gap, Func<ChatRequest, ChatRequest> shape, Func<ChatUpdate, TimeProvider, Task> consume)
    {
        using var server = new Lease(Fixed(gap), _time, _heard);
        _time.Run(async () =>
        {
            await foreach (var update in server.Client.ChatStreamAsync(shape(new() { Messages = ["q"], IgnoreEos = true }), cancellationToken: CancellationToken.None)) await consume(update, _time);
        });
        _time.PoolHops.ShouldBe(0);
        return server.Simulator.Truth.Requests.ShouldHaveSingleItem();
    }

    static SimulatorOptions Fixed(int gap) => SimulatorOptions.Fixed(FirstToken, TimeSpan.FromMilliseconds(gap));

    static double Seconds(long? from, long? to) => (to!.Value - from!.Value) / (double)TimeSpan.TicksPerSecond;

    // One tick of the clock is 100 ns.
    void Is(string instrument, params double[] expected)
    {
        var heard = _heard.Values(instrument);
        heard.Length.ShouldBe(expected.Length, instrument);
        foreach (var (value, should) in heard.Zip(expected)) value.ShouldBe(should, 1e-7, instrument);
    }

    /// <summary>A simulator in memory, and a client that the instruments hear.</summary>
    sealed class Lease : IDisposable
    {
        readonly HttpClient _http;

        internal Lease(SimulatorOptions options, VirtualTimeProvider time, HeardInstruments heard)
        {
            Simulator = new(options, time);
            _http = new(Simulator.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
            Client = new(_http, new(), new() { TimeProvider = time, MeterFactory = heard.Meters });
        }

        internal VllmSimulator Simulator { get; }

        internal VllmClient Client { get; }

        public void Dispose()
        {
            Client.Dispose();
            _http.Dispose();
        }
    }
}
