using System.Net;
using Microsoft.Extensions.Time.Testing;
using Vllm.Http;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>The decision alone, at its edges.</summary>
public class RetryDecisionTests
{
    static readonly ConnectionUse Unanswered = new(WasReused: true, BytesReceived: 0);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000, true)]
    [InlineData(1_000.0001, false)]
    [InlineData(1_500, false)]
    public void A_kept_connection_that_died_is_a_race_for_one_second_after_sending(double milliseconds, bool again) =>
        Of(Died(HttpRequestError.ResponseEnded), sinceSent: TimeSpan.FromMilliseconds(milliseconds)).Delay.ShouldBe(again ? TimeSpan.Zero : null);

    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, 0, false)]
    public void Only_a_reused_connection_that_brought_nothing_is_tried_again(bool wasReused, long bytes, bool again) =>
        (Of(Died(HttpRequestError.Unknown), connection: new ConnectionUse(wasReused, bytes)).Delay is not null).ShouldBe(again);

    [Fact]
    public void A_connection_of_which_nothing_is_known_is_not_tried_again() =>
        RetryDecision.Of(Died(HttpRequestError.ResponseEnded), 1, Settings(), TimeSpan.Zero, null, null, 0.5).Delay.ShouldBeNull();

    [Theory]
    [InlineData(HttpRequestError.InvalidResponse)]
    [InlineData(HttpRequestError.HttpProtocolError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public void Another_failure_of_the_connection_is_not_tried_again(HttpRequestError error) => Of(Died(error)).Delay.ShouldBeNull();

    [Fact]
    public void A_race_that_is_lost_twice_is_followed_by_a_pause() =>
        Of(Died(HttpRequestError.ResponseEnded), attempt: 2).Delay.ShouldBe(TimeSpan.FromSeconds(0.5));

    [Theory]
    [InlineData(9.999, true)]
    [InlineData(10, false)]
    [InlineData(10.001, false)]
    public void A_pause_as_long_as_what_is_left_of_the_call_is_not_begun(double seconds, bool again)
    {
        var busy = new VllmRateLimitException("m", 503) { RetryAfter = TimeSpan.FromSeconds(seconds) };

        (Of(busy, left: TimeSpan.FromSeconds(10)).Delay is not null).ShouldBe(again);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(30.001, false)]
    public void A_pause_as_long_as_the_cap_is_begun(double seconds, bool again) =>
        (Of(new VllmRateLimitException("m", 429) { RetryAfter = TimeSpan.FromSeconds(seconds) }).Delay is not null).ShouldBe(again);

    [Theory]
    [InlineData(1, 1, 0.5)]
    [InlineData(2, 1, 1)]
    [InlineData(5, 1, 8)]
    [InlineData(6, 1, 8)]
    [InlineData(10, 1, 8)]
    [InlineData(6, 0.25, 2)]
    [InlineData(3, 0, 0)]
    public void Pauses_double_up_to_eight_seconds_and_are_spread_over_all_of_it(int attempt, double jitter, double seconds) =>
        Of(new VllmRateLimitException("m", 503), attempt, jitter: jitter).Delay.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Further_attempts_are_counted(int attempt, bool again) =>
        (Of(new VllmRateLimitException("m", 503), attempt, maxRetries: 3).Delay is not null).ShouldBe(again);

    [Theory]
    [InlineData(1_000, 3)]
    [InlineData(1_001, 2)]
    public async Task A_request_is_repeated_within_the_second_and_not_after_it(int milliseconds, int requests)
    {
        var clock = new FakeTimeProvider();
        var answer = ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")));
        await using var server = new ScriptedServer([answer], [ServerStep.Do(() => clock.Advance(TimeSpan.FromMilliseconds(milliseconds))), ServerStep.Close], [answer]);
        using var http = new HttpClient(HttpHandlers.Create(new())) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new() { BaseUrl = server.Url }, new() { TimeProvider = clock });
        await client.ChatAsync("Hi", cancellationToken: Token);

        if (requests == 3) await client.ChatAsync("Hi", cancellationToken: Token);
        else await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        server.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task A_wish_for_all_that_is_left_of_the_call_throws_at_once()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, "{}", headers: ("Retry-After", "10"));
        var clock = new FakeTimeProvider();
        using var client = handler.Client(options => options.Timeout = TimeSpan.FromSeconds(10), new() { TimeProvider = clock });

        await Should.ThrowAsync<VllmRateLimitException>(() => clock.RunAsync(client.ChatAsync("Hi", cancellationToken: Token), TimeSpan.FromSeconds(5)));

        handler.Requests.Count.ShouldBe(1);
    }

    static VllmConnectionException Died(HttpRequestError error) => new("m", error);

    static CallSettings Settings(int maxRetries = 10) => new(new() { MaxRetries = maxRetries }, null);

    static RetryDecision Of(
        VllmException failure, int attempt = 1, TimeSpan sinceSent = default, ConnectionUse? connection = null, TimeSpan? left = null, double jitter = 0.5, int maxRetries = 10) =>
        RetryDecision.Of(failure, attempt, Settings(maxRetries), sinceSent, connection ?? Unanswered, left, jitter);
}
