using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>After the marker the body is read to its end, so that the connection serves again; but the caller does not wait for a server that goes on.</summary>
public class DrainTests
{
    readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task What_follows_the_marker_is_waited_for_a_quarter_of_a_second()
    {
        var draining = new TaskCompletionSource<CancellationToken>();
        var body = new TrickleStream(SseText.Role(), SseText.Last("a"), SseText.Done, BodyStep.Until(token =>
        {
            draining.SetResult(token);
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }));
        using var client = new ScriptedHandler().Streams(() => body).Client(services: new() { TimeProvider = _clock });

        var reading = client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
        var limit = await draining.Task;
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        limit.IsCancellationRequested.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        limit.IsCancellationRequested.ShouldBeTrue();

        (await reading).TextOf().ShouldBe("a");
        body.IsDisposed.ShouldBeTrue();
    }
}
