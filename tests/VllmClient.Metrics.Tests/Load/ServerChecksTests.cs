using Vllm.Load;
using Vllm.Resources;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

/// <summary>What the client counted beside what a server's pages say, both written by hand.</summary>
public sealed class ServerChecksTests
{
    // Together from 1 s to 4 s; 150 tokens, 3 calls.
    static readonly TurnRecord[] Turns =
    [
        Turn(1, 2000, 2000, 2000, 2500, 4000, 4000, 10, 50) with { Calls = 2 },
        Turn(0, 1000, 1000, 1000, 1500, 3000, 3000, 10, 100),
    ];

    // What the server counted before the run is none of the run's.
    static readonly ServerSample[] Pages = [Page(1, 1000, 10, 5), Page(2, 1030, 11, 5), Page(3, 1110, 11, 6), Page(4, 1150, 12, 6)];

    [Fact]
    public void What_the_server_counted_meanwhile_is_compared_with_what_the_client_counted()
    {
        var checks = Checks(Turns, Pages);

        checks.Select(check => check.Name).ShouldBe(["check-tokens", "check-requests", "check-in-flight"]);
        checks[0].ShouldBe(new CheckResult { Name = "check-tokens", Passed = true, Expected = 150, Actual = 150, Message = "output tokens: client 150, server 150" });
        checks[1].ShouldBe(new CheckResult { Name = "check-requests", Passed = true, Expected = 3, Actual = 3, Message = "finished requests: client 3, server 3" });
    }

    [Fact]
    public void Without_a_server_to_watch_there_is_nothing_to_check()
    {
        Of(Facts(Turns, Pages) with { Resources = null }).ShouldBeEmpty();
        Of(Facts(Turns, Pages, [])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1151, "(+1: other traffic?)")]
    [InlineData(3150, "(+2,000: other traffic?)")]
    [InlineData(1145, "(-5)")]
    public void A_difference_fails_and_is_said(long counted, string difference)
    {
        var check = Tokens(Turns, [.. Pages[..3], Page(4, counted, 12, 6)]);

        check.Passed.ShouldBe(false);
        check.Message.ShouldEndWith(difference);
        (check.Expected, check.Actual).ShouldBe((counted - 1000, 150));
    }

    [Theory]
    [InlineData(TurnOutcome.Failed, true)]
    [InlineData(TurnOutcome.Abandoned, true)]
    [InlineData(TurnOutcome.CutOff, true)]
    [InlineData(TurnOutcome.Dropped, false)]
    public void What_turns_made_before_they_broke_may_be_the_difference(TurnOutcome outcome, bool isExplained)
    {
        var check = Tokens([.. Turns, CutOff(2000) with { Begun = Ms(1500), Outcome = outcome }], [.. Pages[..3], Page(4, 1151, 12, 6)]);

        check.Passed.ShouldBe(isExplained ? null : false);
        check.Message.ShouldBe($"output tokens: client 150, server 151{(isExplained ? "; 1 turns did not complete, and the server counts what they had" : " (+1: other traffic?)")}");
    }

    [Fact]
    public void Turns_that_broke_explain_no_smaller_count_and_count_nowhere_themselves()
    {
        TurnRecord[] turns = [.. Turns, Failed(2000) with { Begun = Ms(1500), OutputTokens = 7 }];

        Checks(turns, Pages).Take(2).Select(check => check.Passed).ShouldBe([true, true]);
        Tokens(turns, [.. Pages[..3], Page(4, 1149, 12, 6)]).Passed.ShouldBe(false);
    }

    [Fact]
    public void A_turn_without_usage_leaves_the_tokens_unknown_and_one_without_calls_makes_none()
    {
        var turn = Turn(2, 2000, 2000, 2000, null, null, 3000, null, null) with { Calls = null };

        var checks = Checks([.. Turns, turn], Pages);

        checks[0].ShouldBe(new CheckResult { Name = "check-tokens", Message = "output tokens: 1 turns told no usage" });
        checks[1].Passed.ShouldBe(true);
        Checks([turn], Pages)[1].ShouldBe(new CheckResult { Name = "check-requests", Message = "finished requests: the work's calls are not known" });
        Checks([turn with { Calls = 1 }], Pages)[1].Message.ShouldBe("finished requests: client 1, server 3 (+2: other traffic?)");
    }

    [Fact]
    public void A_server_may_lack_the_counters()
    {
        ServerSample[] pages = [.. Pages.Select(page => page with { GenerationTokens = null, Finished = null })];

        Checks(Turns, pages).Take(2).Select(check => check.Message).ShouldBe(["output tokens: the server has no such counter", "finished requests: the server has no such counter"]);
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 1, 1, 1)]
    public void After_a_restart_the_counters_tell_nothing(params int[] restarts) =>
        Obstacle(Turns, [.. Pages.Zip(restarts, (page, count) => page with { Restarts = count })]).ShouldBe("the server started anew");

    [Fact]
    public void Pages_must_enclose_the_run()
    {
        const string Obstacle = "the server was not read before the first turn and after the last";

        ServerChecksTests.Obstacle(Turns, [At(1.5), At(5)]).ShouldBe(Obstacle);
        ServerChecksTests.Obstacle(Turns, [At(0), At(3.5)]).ShouldBe(Obstacle);
    }

    [Fact]
    public void A_single_page_or_two_servers_tell_nothing()
    {
        Obstacle(Turns, [At(0)]).ShouldBe("no single server was read");

        var facts = Facts(Turns, Pages);
        var two = facts.Resources!.Samples.Samples.Select(sample => sample with { Targets = [.. sample.Targets, sample.Targets[1] with { Name = "gpu-2" }] }).ToList();
        Of(facts with { Resources = Line(two, [new("gpu-1")]) })[0].Message.ShouldBe("output tokens: no single server was read");
    }

    [Fact]
    public void The_tokens_of_several_choices_cannot_be_compared()
    {
        Obstacle([Turns[0] with { HasSeveralChoices = true }, Turns[1]], Pages).ShouldBe("turns had several choices");
        Checks([Turns[0] with { HasSeveralChoices = true }, Turns[1]], Pages)[1].Message.ShouldBe("finished requests: turns had several choices");
    }

    [Fact]
    public void In_flight_is_compared_at_every_reading_of_the_window_and_the_median_judged()
    {
        // The k-th is sent at k s and ends at k + 3.5 s, so from 5 s on there are four, though one never left and one never ended.
        TurnRecord[] turns =
        [
            .. Enumerable.Range(0, 10).Select(k => CutOff((10 - k + 3.5) * 1000) with { Sent = Ms((10 - k) * 1000) }),
            CutOff(6000) with { Sent = null }, new TurnRecord { Sent = Ms(5000) }, Dropped(6000),
        ];
        // Client less server: 1, -2, 0, 3, 2; readings outside of [5 s, 10 s), or that tell nothing, would change it.
        ServerSample[] pages = [At(4, 54), At(5, 3), At(5.5), At(6, 5, 1), At(7, 2, 2), At(8, 1, 0), At(9, 1, 1), At(10, 54)];

        var check = InFlight(turns, pages, 4);

        check.ShouldBe(new CheckResult { Name = "check-in-flight", Passed = true, Expected = 0, Actual = 1, Message = "in flight: client less server 1 (median of 5 readings, limit 2)" });
    }

    [Fact]
    public void A_turn_is_in_flight_from_its_send_until_just_before_its_end()
    {
        TurnRecord[] turns = [.. Enumerable.Range(5, 5).Select(k => CutOff(60_000) with { Sent = Ms(k * 1000) })];

        InFlight(turns, [At(5, 1), At(6, 2), At(7, 3), At(8, 4), At(9, 5)], 4).Actual.ShouldBe(0);
        InFlight([.. Enumerable.Range(5, 5).Select(k => CutOff(k * 1000))], [At(5, 4), At(6, 3), At(7, 2), At(8, 1), At(9, 0)], 4).Actual.ShouldBe(0);
    }

    [Theory]
    [InlineData(10, 2, true)]
    [InlineData(10, -2, true)]
    [InlineData(10, 3, false)]
    [InlineData(10, -3, false)]
    [InlineData(100, 5, true)]
    [InlineData(100, 6, false)]
    public void The_median_may_be_off_by_two_or_by_five_per_cent(double mean, int difference, bool passed) =>
        InFlight([.. Enumerable.Repeat(CutOff(60_000), 10)], [.. Enumerable.Range(5, 5).Select(i => At(i, 10 - difference))], mean).Passed.ShouldBe(passed);

    [Fact]
    public void Four_readings_are_too_few() => InFlight(Turns, [At(5, 1), At(6, 1), At(7, 1), At(8, 1)], 4)
        .ShouldBe(new CheckResult { Name = "check-in-flight", Message = "in flight: 4 readings of the server, needs 5" });

    static CheckResult[] Checks(IReadOnlyList<TurnRecord> turns, IReadOnlyList<ServerSample> pages) => Of(Facts(turns, pages));

    static CheckResult Tokens(IReadOnlyList<TurnRecord> turns, IReadOnlyList<ServerSample> pages) => Checks(turns, pages)[0];

    static string Obstacle(IReadOnlyList<TurnRecord> turns, IReadOnlyList<ServerSample> pages)
    {
        var check = Tokens(turns, pages);
        check.Passed.ShouldBeNull();
        return check.Message.Replace("output tokens: ", "", StringComparison.Ordinal);
    }

    // In the window from 5 s to 10 s.
    static CheckResult InFlight(IReadOnlyList<TurnRecord> turns, IReadOnlyList<ServerSample> pages, double mean) => Of(Facts(turns, pages), mean)[2];

    static CheckResult[] Of(RunFacts facts, double mean = 1) =>
        [.. ServerChecks.Of(facts, new() { Start = TimeSpan.FromSeconds(5), Elapsed = TimeSpan.FromSeconds(5), MeanInFlight = mean })];

    static RunFacts Facts(IReadOnlyList<TurnRecord> turns, IReadOnlyList<ServerSample> pages, IReadOnlyList<ResourceServer>? servers = null) => new()
    {
        Plan = new() { Phases = [] },
        Turns = turns,
        Resources = Line([.. pages.Select(page => new ResourceSample
        {
            Timestamp = page.Timestamp,
            Time = DateTimeOffset.UnixEpoch,
            Targets = [new() { Name = "app" }, new() { Name = "gpu-1", Server = page }],
        })], servers ?? [new("gpu-1")]),
    };

    static RunTimeline Line(IReadOnlyList<ResourceSample> samples, IReadOnlyList<ResourceServer> servers) =>
        new(new(samples, [], [], servers, TimeSpan.TicksPerSecond, TimeSpan.FromSeconds(1)), new(new TestClock()));

    static ServerSample Page(double second, long tokens, long stopped, long full) => At(second) with
    {
        GenerationTokens = tokens,
        Finished = new Dictionary<string, long> { ["stop"] = stopped, ["length"] = full, ["abort"] = (long)second },
    };

    static ServerSample At(double second, long? running = null, long? waiting = null) => new() { Timestamp = Ms(second * 1000), Running = running, Waiting = waiting };
}
