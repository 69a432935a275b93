using System.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

/// <summary>Surprises in the loop itself: it tells them once and goes on.</summary>
public sealed class ProbeLoopTests
{
    readonly FakeLogCollector _logs = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ResourceProbeOptions With(params IResourceSource[] sources)
    {
        var options = new ResourceProbeOptions { Instruments = false };
        foreach (var source in sources) options.Sources.Add(source);
        return options;
    }

    [Fact]
    public async Task A_clock_that_fails_for_a_while_leaves_a_gap_and_one_word_in_the_log()
    {
        var clock = new MoodyClock();
        using var logging = new LoggerFactory([new FakeLoggerProvider(_logs)]);
        await using var probe = new ResourceProbe(With(), new() { TimeProvider = clock, LoggerFactory = logging });
        await using var samples = probe.WatchAsync(Token).GetAsyncEnumerator(Token);
        (await samples.MoveNextAsync()).ShouldBeTrue();

        clock.FailsAt = 3;
        while (samples.Current.Time < FakeStart.AddSeconds(8))
        {
            await clock.Ticks.TickAsync(Token);
            if (clock.Second is >= 3 and < 6) continue;
            (await samples.MoveNextAsync()).ShouldBeTrue();
        }

        var told = _logs.GetSnapshot().Where(record => record.Id.Id >= 1204).ToList();
        told.Select(record => record.Id.Id).ShouldBe([1204, 1205]);
        told[0].Message.ShouldContain("System.InvalidOperationException");
        told[0].Message.ShouldContain(nameof(MoodyClock));
        told[0].Message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_clock_that_cannot_wait_neither_ends_nor_spins_the_loop()
    {
        var loop = new ProbeLoop((_, _) => Task.CompletedTask, TimeSpan.FromHours(1), new TimerlessClock(), NullLogger.Instance);
        using var stopping = new CancellationTokenSource();

        var running = loop.RunAsync(stopping.Token);
        running.IsCompleted.ShouldBeFalse();
        await stopping.CancelAsync();

        await running.WaitAsync(Token);
    }

    [Fact]
    public async Task A_log_that_fails_disturbs_nothing()
    {
        var clock = new TickClock();
        using var logging = new LoggerFactory([new BrokenLogs()]);
        await using var probe = new ResourceProbe(With(new TestSource("test", "rack", () => new() { Machine = new() { Load1 = 1 } })), new() { TimeProvider = clock, LoggerFactory = logging });
        probe.Start();

        for (var i = 0; i < 3; i++) await clock.TickAsync(Token);

        probe.Latest.ShouldNotBeNull()["rack"].ShouldNotBeNull().Machine.ShouldNotBeNull().Load1.ShouldBe(1);
    }

    [Fact]
    public async Task A_reading_that_breaks_when_it_is_looked_at_is_its_sources_failure()
    {
        var bad = new TestSource("bad", "rack", () => new() { Gpus = new BrokenList() });
        var good = new TestSource("good", "other", () => new() { Machine = new() { Load1 = 2 } });
        await using var probe = new ResourceProbe(With(bad, good), new() { TimeProvider = new FakeTimeProvider() });

        var sample = await probe.SampleAsync(Token);

        sample["other"].ShouldNotBeNull().Machine.ShouldNotBeNull().Load1.ShouldBe(2);
        sample["rack"].ShouldBeNull();
        var status = probe.Sources.Single(source => source.Name == "bad");
        (status.State, status.Reason, status.Samples, status.Failures).ShouldBe((ResourceSourceState.Failing, "this list is broken", 0, 1));
    }

    static readonly DateTimeOffset FakeStart = new FakeTimeProvider().GetUtcNow();

    /// <summary>Fails from one second to another when it is asked for the date, which the probe does once a sample.</summary>
    sealed class MoodyClock : TimeProvider
    {
        public TickClock Ticks { get; } = new();

        public int FailsAt { get; set; } = int.MaxValue;

        public double Second => (Ticks.GetUtcNow() - FakeStart).TotalSeconds;

        public override long TimestampFrequency => Ticks.TimestampFrequency;

        public override long GetTimestamp() => Ticks.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Ticks.CreateTimer(callback, state, dueTime, period);

        public override DateTimeOffset GetUtcNow() => Second >= FailsAt && Second < FailsAt + 3 ? throw new InvalidOperationException("hush") : Ticks.GetUtcNow();
    }

    sealed class TimerlessClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("no timers");
    }

    sealed class BrokenLogs : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new InvalidOperationException("no log");

        public void Dispose() { }
    }

    sealed class BrokenList : IReadOnlyList<GpuSample>
    {
        public int Count => throw new InvalidOperationException("this list is broken");

        public GpuSample this[int index] => throw new InvalidOperationException("this list is broken");

        public IEnumerator<GpuSample> GetEnumerator() => throw new InvalidOperationException("this list is broken");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
