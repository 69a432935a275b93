using System.Text.Json;
using System.Text.RegularExpressions;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Prometheus;

/// <summary>Alone on the machine's cores while it runs: it compares rates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What README, documents, dashboard and alerts ask, a real Prometheus answers, and it agrees with what the server really did.</summary>
[Collection(nameof(Alone))]
public sealed partial class ExpressionTests : IClassFixture<ScrapedRun>
{
    const string Duration = "gen_ai_client_operation_duration_seconds_count";
    const string FirstToken = "vllm_client_time_to_first_token_seconds_bucket";

    static readonly IReadOnlyList<PromQuery> Readme = PromDocuments.Queries("README.md");

    readonly ScrapedRun _run;

    public ExpressionTests(ScrapedRun run)
    {
        PromTool.Require("prometheus");
        _run = run;
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_expression_has_an_answer_and_every_part_of_it_has_data()
    {
        List<string> empty = [];
        foreach (var query in PromDocuments.Queries())
        {
            await _run.Prometheus.QueryAsync(Fitted(query.Text), _run.UnderLoad, Token);
            foreach (var part in query.Parts)
            {
                var answers = await _run.Prometheus.QueryAsync(Fitted(part), _run.UnderLoad, Token);
                if (answers.Count == 0 || answers.Any(answer => !double.IsFinite(answer.Value))) empty.Add($"{query.Source}: {Fitted(part)}");
            }
        }

        empty.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_alert_is_evaluated_and_those_that_wait_for_nothing_fire()
    {
        var alerts = await _run.Prometheus.AlertsAsync(Token);

        alerts.Keys.ShouldBe(PromDocuments.Queries(PromDocuments.Rules).Select(query => query.Source.Split(", ")[1]), ignoreOrder: true);
        alerts.Values.ShouldAllBe(alert => alert.Health == "ok");
        alerts.Where(alert => alert.Value.State == "firing").Select(alert => alert.Key).ShouldBe(["VllmClientCutAnswers"]);
        alerts["VllmClientErrors"].State.ShouldBe("pending");
    }

    [Fact]
    public async Task Every_variable_of_the_dashboard_finds_its_values()
    {
        var variables = JsonDocument.Parse(PromDocuments.Read(PromDocuments.Dashboard)).RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Where(variable => variable.GetProperty("type").GetString() == "query").ToList();
        List<string> found = [];
        foreach (var variable in variables)
        {
            var call = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!);
            found.Add(string.Join(",", await _run.Prometheus.LabelValuesAsync(call.Groups[2].Value, Fitted(call.Groups[1].Value), Token)));
        }

        found.ShouldBe(["app", "sim-8b", "127.0.0.1", "app,gpu-1"]);
    }

    [Fact]
    public async Task Counts_and_tokens_are_exactly_the_servers()
    {
        var finished = _run.Front.Finished;

        finished.Count.ShouldBeGreaterThan(50);
        (await AtEnd($$"""sum({{Duration}}{error_type=""})""")).ShouldBe(finished.Count);
        (await AtEnd($$"""sum({{Duration}}{error_type="400"})""")).ShouldBe(_run.Front.Count(Fault.Refused));
        (await AtEnd($$"""sum({{Duration}}{error_type="stream_truncated"})""")).ShouldBe(_run.Front.Count(Fault.Cut));
        (await AtEnd($"sum({Duration})")).ShouldBe(finished.Count + _run.Front.Count(Fault.Refused) + _run.Front.Count(Fault.Cut));
        (await AtEnd("""sum(vllm_client_retries_total{error_type="503"})""")).ShouldBe(_run.Front.Count(Fault.Busy));
        (await AtEnd("sum(vllm_client_usage_missing_total)")).ShouldBe(_run.Front.Count(Fault.Cut));
        (await AtEnd("""sum(gen_ai_client_token_usage_sum{gen_ai_token_type="input"})""")).ShouldBe(finished.Sum(request => (double)request.InputTokens));
        (await AtEnd("""sum(gen_ai_client_token_usage_sum{gen_ai_token_type="output"})""")).ShouldBe(finished.Sum(request => (double)request.OutputTokens));
        (await AtEnd("sum(vllm_client_stream_chunks_total)")).ShouldBe(finished.Sum(request => (double)request.WriteTimes.Count) + _run.Front.Count(Fault.Cut));
        (await AtEnd("sum(vllm_client_active_requests)")).ShouldBe(0);
    }

    [Fact]
    public async Task Throughput_is_the_servers()
    {
        var (from, to) = await ScrapedAsync($$"""{{Duration}}{error_type=""}""");

        (await UnderLoad(Readme[0].Text)).ShouldBeNear(FinishedIn(from, to).Count / (to - from).TotalSeconds);
    }

    [Fact]
    public async Task Tokens_per_minute_are_the_servers()
    {
        var (from, to) = await ScrapedAsync("""gen_ai_client_token_usage_sum{gen_ai_token_type="output"}""");

        (await UnderLoad(Readme[1].Text)).ShouldBeNear(60 * FinishedIn(from, to).Sum(request => request.InputTokens + request.OutputTokens) / (to - from).TotalSeconds);
    }

    [Fact]
    public async Task Output_tokens_per_second_are_the_servers()
    {
        var (from, to) = await ScrapedAsync("""gen_ai_client_token_usage_sum{gen_ai_token_type="output"}""");
        var query = PromDocuments.Queries("docs/metrics.md").Single(query => query.Text.StartsWith("sum(rate(gen_ai_client_token_usage_sum{gen_ai_token_type=\"output\"}[1m])", StringComparison.Ordinal));

        (await UnderLoad(query.Text)).ShouldBeNear(FinishedIn(from, to).Sum(request => request.OutputTokens) / (to - from).TotalSeconds);
    }

    [Fact]
    public async Task The_first_token_at_the_95th_percentile_lies_in_the_servers_bucket()
    {
        var (from, to) = await ScrapedAsync(FirstToken + """{gen_ai_response_model="sim-8b",le="+Inf"}""");
        var bounds = (await _run.Prometheus.QueryAsync($"sum by (le) ({FirstToken})", _run.UnderLoad, Token))
            .Select(answer => answer.Labels["le"]).Where(bound => bound != "+Inf").Select(bound => double.Parse(bound, System.Globalization.CultureInfo.InvariantCulture)).Order().ToList();
        var truth = _run.Front.Finished.Where(request => IsIn(_run.Front.TimeOf(request.WriteTimes[0]), from, to)).Select(request => (request.WriteTimes[0] - request.Received).TotalSeconds)
            .Concat(_run.Front.Faults.Where(fault => fault.Fault == Fault.Cut && IsIn(fault.At, from, to)).Select(_ => 0.0)).Order().ToList();
        var expected = truth[(int)Math.Ceiling(0.95 * truth.Count) - 1];
        var upper = bounds.FindIndex(bound => expected <= bound);

        var figure = await UnderLoad(Readme[2].Text);

        TestContext.Current.TestOutputHelper?.WriteLine($"Prometheus says {figure:0.###} s, the server {expected:0.###} s.");
        figure.ShouldBeInRange(bounds[upper - 1], bounds[upper]);
    }

    [Fact]
    public async Task Requests_in_flight_are_the_servers()
    {
        var from = _run.UnderLoad - TimeSpan.FromSeconds(20);
        var open = _run.Front.Finished.Sum(request => Math.Max(0, (Min(_run.Front.TimeOf(request.Closed!.Value), _run.UnderLoad) - Max(_run.Front.TimeOf(request.Received), from)).TotalSeconds));

        (await UnderLoad($"avg_over_time(({Readme[3].Text})[{ScrapedRun.Window}:1s])")).ShouldBeNear(open / 20);
    }

    [Fact]
    public async Task The_share_of_failures_is_the_servers()
    {
        var from = _run.UnderLoad - TimeSpan.FromSeconds(20);
        var failed = _run.Front.Faults.Count(fault => fault.Fault != Fault.Busy && IsIn(fault.At, from, _run.UnderLoad));
        var expected = failed / (double)(failed + FinishedIn(from, _run.UnderLoad).Count);

        // A handful of failures: one more or less at the window's edge is a few per cent of them.
        (await UnderLoad(Readme[4].Text)).ShouldBe(expected, 0.02);
    }

    // Minutes in the documents are seconds here, and a dashboard's variables have the values that a user would choose.
    static string Fitted(string expression) => Span().Replace(expression, ScrapedRun.Window)
        .Replace("$job", "app", StringComparison.Ordinal).Replace("$model", "sim-8b", StringComparison.Ordinal).Replace("$server", "127.0.0.1", StringComparison.Ordinal).Replace("$target", "gpu-1", StringComparison.Ordinal);

    static bool IsIn(DateTimeOffset moment, DateTimeOffset from, DateTimeOffset to) => moment > from && moment <= to;

    static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    Task<double> AtEnd(string expression) => _run.Prometheus.ValueAsync(expression, _run.Ended, Token);

    Task<double> UnderLoad(string expression) => _run.Prometheus.ValueAsync(Fitted(expression), _run.UnderLoad, Token);

    IReadOnlyList<SimulatedRequest> FinishedIn(DateTimeOffset from, DateTimeOffset to) =>
        [.. _run.Front.Finished.Where(request => IsIn(_run.Front.TimeOf(request.Closed!.Value), from, to))];

    /// <summary>The first and the last scrape that a rate of this series looks at.</summary>
    async Task<(DateTimeOffset From, DateTimeOffset To)> ScrapedAsync(string series)
    {
        var samples = (await _run.Prometheus.QueryAsync($"{series}[{ScrapedRun.Window}]", _run.UnderLoad, Token)).ShouldHaveSingleItem().Values;
        return (samples[0].At, samples[^1].At);
    }

    [GeneratedRegex(@"(?<=\[)(?:\d+m|\$__rate_interval)(?=\])|(?<=offset )\d+m")]
    private static partial Regex Span();

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();
}

static class Nearness
{
    const double Share = 0.05;

    /// <summary>Fails where the figure is more than five per cent from the truth.</summary>
    public static void ShouldBeNear(this double figure, double truth)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Prometheus says {figure:0.###}, the server {truth:0.###}.");
        figure.ShouldBe(truth, truth * Share);
    }
}
