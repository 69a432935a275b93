using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Http;

public class RetryTests
{
    static readonly string Busy = """{"error":{"message":"busy","type":"Service Unavailable","param":null,"code":503}}""";

    readonly FakeTimeProvider _clock = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_passing_refusal_is_tried_again(int status)
    {
        var handler = new ScriptedHandler().Answers((HttpStatusCode)status, Busy).Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok"));
        using var client = Client(handler);

        var result = await RunAsync(client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        result.Text.ShouldBe("ok");
        result.Info.Attempts.ShouldBe(2);
        handler.Requests.Count.ShouldBe(2);
        handler.Requests[1].Text.ShouldBe(handler.Requests[0].Text);
        var ids = handler.Requests.Select(request => request.Headers["X-Request-Id"]).ToList();
        ids[1].ShouldBe(ids[0] + "-r1");
        result.Info.RequestId.ShouldBe(ids[1]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task A_lasting_refusal_is_not(int status)
    {
        var handler = new ScriptedHandler().Answers((HttpStatusCode)status, "{}");
        using var client = Client(handler);

        var failure = await Should.ThrowAsync<VllmApiException>(() => RunAsync(client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken)));

        failure.Attempts.ShouldBe(1);
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Attempts_end_at_the_limit()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, Busy);
        using var client = Client(handler);

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => RunAsync(client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken)));

        failure.Attempts.ShouldBe(3);
        handler.Requests.Count.ShouldBe(3);
        handler.Requests.Select(request => request.Headers["X-Request-Id"]).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_request_may_have_its_own_limit()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, Busy);
        using var client = Client(handler);

        await Should.ThrowAsync<VllmRateLimitException>(() => RunAsync(client.ChatAsync("Hi", new() { MaxRetries = 0 }, TestContext.Current.CancellationToken)));

        handler.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    public async Task The_servers_wish_is_obeyed(HttpStatusCode status, bool asDate)
    {
        var wish = asDate ? (_clock.GetUtcNow() + TimeSpan.FromSeconds(7)).ToString("R", CultureInfo.InvariantCulture) : "7";
        var sent = new List<DateTimeOffset>();
        var handler = new ScriptedHandler()
            .Answers(() => Stamped(sent, Refusal(status, wish)))
            .Answers(() => Stamped(sent, new(HttpStatusCode.OK) { Content = new StringContent(SseText.ChatAnswer("ok"), null, "application/json") }));
        using var client = Client(handler);

        await RunAsync(client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        (sent[1] - sent[0]).ShouldBeInRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wish_beyond_the_cap_throws_at_once(bool asDate)
    {
        var wish = asDate ? (_clock.GetUtcNow() + TimeSpan.FromSeconds(31)).ToString("R", CultureInfo.InvariantCulture) : "31";
        var handler = new ScriptedHandler().Answers(() => Refusal(HttpStatusCode.ServiceUnavailable, wish));
        using var client = Client(handler);

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        failure.Attempts.ShouldBe(1);
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_wish_beyond_the_rest_of_the_whole_call_throws_at_once()
    {
        var handler = new ScriptedHandler().Answers(() => Refusal(HttpStatusCode.ServiceUnavailable, "20"));
        using var client = Client(handler, options => options.Timeout = TimeSpan.FromSeconds(10));

        await Should.ThrowAsync<VllmRateLimitException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_is_tried_again_before_its_first_byte()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, Busy).Streams(() => new TrickleStream(SseText.Role(), SseText.Last("ok"), SseText.Done));
        using var client = Client(handler);

        var updates = await RunAsync(client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());

        updates.TextOf().ShouldBe("ok");
        updates[^1].Info!.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_refuses_the_connection_is_tried_again_and_named()
    {
        Uri url;
        await using (var gone = new ScriptedServer()) url = gone.Url;
        using var client = new VllmClient(new VllmClientOptions { BaseUrl = url, MaxRetries = 1 });

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        failure.Attempts.ShouldBe(2);
        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        failure.Message.ShouldContain(url.Authority);
    }

    [Fact]
    public async Task Cancelling_during_a_pause_ends_the_call_with_the_callers_token()
    {
        using var cancel = new CancellationTokenSource();
        var handler = new ScriptedHandler().Answers(() => Refusal(HttpStatusCode.ServiceUnavailable, "20"));
        using var client = Client(handler);

        var call = client.ChatAsync("Hi", cancellationToken: cancel.Token);
        while (handler.Requests.Count == 0) await Task.Yield();
        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(cancel.Token);
        handler.Requests.Count.ShouldBe(1);
    }

    static HttpResponseMessage Refusal(HttpStatusCode status, string retryAfter)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(Busy, null, "application/json") };
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    HttpResponseMessage Stamped(List<DateTimeOffset> sent, HttpResponseMessage response)
    {
        sent.Add(_clock.GetUtcNow());
        return response;
    }

    VllmClient Client(ScriptedHandler handler, Action<VllmClientOptions>? configure = null) => handler.Client(configure, new() { TimeProvider = _clock });

    Task<T> RunAsync<T>(Task<T> call) => _clock.RunAsync(call, TimeSpan.FromSeconds(0.5));
}
