using System.Net;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Each deadline on a clock that the scripted peer moves, so that nothing depends on the machine.</summary>
public class TimeoutTests
{
    readonly FakeTimeProvider _clock = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_head_in_time(bool stream)
    {
        var handler = new ScriptedHandler().Hangs(() => _clock.Advance(TimeSpan.FromSeconds(5)));
        using var client = Client(handler, options => options.ResponseHeadersTimeout = TimeSpan.FromSeconds(5));

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => stream ? StreamAsync(client) : AskAsync(client));

        failure.Kind.ShouldBe(VllmTimeoutKind.ResponseHeaders);
        failure.Limit.ShouldBe(TimeSpan.FromSeconds(5));
        failure.Elapsed.ShouldBe(TimeSpan.FromSeconds(5));
        failure.Attempts.ShouldBe(1);
        failure.Message.ShouldContain(nameof(VllmClientOptions.ResponseHeadersTimeout));
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_content_in_time_after_the_head()
    {
        var handler = new ScriptedHandler().Streams(Pause(3), SseText.Role(), Pause(3), BodyStep.Hang());
        using var client = Client(handler, options => options.FirstTokenTimeout = TimeSpan.FromSeconds(5));

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => StreamAsync(client));

        failure.Kind.ShouldBe(VllmTimeoutKind.FirstToken);
        failure.Limit.ShouldBe(TimeSpan.FromSeconds(5));
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Comments_do_not_feed_the_first_token()
    {
        var script = Enumerable.Repeat<BodyStep[]>([Pause(2), SseText.KeepAlive], 10).SelectMany(steps => steps).Append(BodyStep.Hang());
        var handler = new ScriptedHandler().Streams([.. script]);
        using var client = Client(handler, options =>
        {
            options.FirstTokenTimeout = TimeSpan.FromSeconds(10);
            options.StreamIdleTimeout = TimeSpan.FromSeconds(3);
        });

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => StreamAsync(client));

        failure.Kind.ShouldBe(VllmTimeoutKind.FirstToken);
        failure.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Comments_feed_an_idle_stream()
    {
        BodyStep[] silence = [.. Enumerable.Repeat<BodyStep[]>([Pause(2), SseText.KeepAlive], 20).SelectMany(steps => steps)];
        var handler = new ScriptedHandler().Streams([SseText.Role(), SseText.Text("a"), .. silence, SseText.Last("b"), SseText.Done]);
        using var client = Client(handler, options => options.StreamIdleTimeout = TimeSpan.FromSeconds(3));

        var updates = await StreamAsync(client);

        updates.TextOf().ShouldBe("ab");
    }

    [Fact]
    public async Task No_byte_in_mid_stream()
    {
        var handler = new ScriptedHandler().Streams(SseText.Role(), SseText.Text("ab"), Pause(3), BodyStep.Hang());
        using var client = Client(handler, options => options.StreamIdleTimeout = TimeSpan.FromSeconds(3));

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => _clock.RunAsync(StreamAsync(client), TimeSpan.FromSeconds(0.5)));

        failure.Kind.ShouldBe(VllmTimeoutKind.StreamIdle);
        failure.Limit.ShouldBe(TimeSpan.FromSeconds(3));
        failure.PartialText.ShouldBe("ab");
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_JSON_body_that_stalls_is_idle_too()
    {
        var handler = new ScriptedHandler().Answers(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new TrickleStream("{\"id\":", Pause(3), BodyStep.Hang())) };
            response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
            return response;
        });
        using var client = Client(handler, options => options.StreamIdleTimeout = TimeSpan.FromSeconds(3));

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => _clock.RunAsync(AskAsync(client), TimeSpan.FromSeconds(0.5)));

        failure.Kind.ShouldBe(VllmTimeoutKind.StreamIdle);
        handler.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_whole_call_takes_too_long(bool stream)
    {
        BodyStep[] slow = [SseText.Role(), .. Enumerable.Repeat<BodyStep[]>([Pause(1), SseText.Text("a")], 20).SelectMany(steps => steps), BodyStep.Hang()];
        var handler = stream ? new ScriptedHandler().Streams(slow) : new ScriptedHandler().Hangs(() => _clock.Advance(TimeSpan.FromSeconds(8)));
        using var client = Client(handler, options => options.Timeout = TimeSpan.FromSeconds(8));

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => stream ? StreamAsync(client) : AskAsync(client));

        failure.Kind.ShouldBe(VllmTimeoutKind.Total);
        failure.Limit.ShouldBe(TimeSpan.FromSeconds(8));
        failure.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(9));
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_may_have_its_own_limits()
    {
        var handler = new ScriptedHandler().Hangs(() => _clock.Advance(TimeSpan.FromSeconds(2)));
        using var client = Client(handler);

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => client.ChatAsync("Hi", new() { ResponseHeadersTimeout = TimeSpan.FromSeconds(2) }, TestContext.Current.CancellationToken));

        failure.Kind.ShouldBe(VllmTimeoutKind.ResponseHeaders);
        failure.Limit.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_foreign_clients_own_timeout_is_named()
    {
        using var http = new HttpClient(new ScriptedHandler().Hangs()) { Timeout = TimeSpan.FromMilliseconds(50) };
        using var client = new VllmClient(http, new VllmClientOptions { BaseUrl = new("http://gpu:8000") });

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => AskAsync(client));

        failure.Kind.ShouldBe(VllmTimeoutKind.Total);
        failure.Message.ShouldContain("HttpClient");
    }

    BodyStep Pause(int seconds) => BodyStep.Do(() => _clock.Advance(TimeSpan.FromSeconds(seconds)));

    VllmClient Client(ScriptedHandler handler, Action<VllmClientOptions>? configure = null) => handler.Client(configure, new() { TimeProvider = _clock });

    static Task<List<ChatUpdate>> AskAsync(VllmClient client) =>
        client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ContinueWith(task => task.GetAwaiter().GetResult() is null ? [] : new List<ChatUpdate>(), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

    static Task<List<ChatUpdate>> StreamAsync(VllmClient client) =>
        client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
}
