using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests;

public sealed partial class ServerTests
{
    [Fact]
    public void All_faults_of_the_options_come_in_one_exception()
    {
        var options = new SimulatorOptions { Model = " ", MaxSequences = 0, Jitter = double.NaN, HttpDelay = TimeSpan.FromSeconds(-1), MinOutputTokens = 9, MaxOutputTokens = 8 };

        var message = Should.Throw<ArgumentException>(() => new VllmSimulator(options)).Message;

        foreach (var name in (string[])["Model", "MaxSequences is 0", "Jitter is NaN", "HttpDelay", "MaxOutputTokens is 8; must be 9"])
        {
            message.ShouldContain(name);
        }
    }

    [Fact]
    public void Options_are_copied_and_change_only_through_the_simulator()
    {
        var time = new VirtualTimeProvider();
        var options = SimulatorOptions.Instant;
        var server = new VllmSimulator(options, time);
        using var client = server.Client();
        string Served() => time.Run(() => Ask.GetAsync(client, "/v1/models")).Body;

        options.Model = "changed";
        Served().ShouldContain("\"id\":\"sim-8b\"");
        server.Change(own => own.Model = "other");
        Served().ShouldContain("\"id\":\"other\"");
        Should.Throw<ArgumentException>(() => server.Change(own => own.MaxSequences = 0));
        Served().ShouldContain("\"id\":\"other\"");
    }

    [Fact]
    public void The_metrics_page_has_every_recorded_series_of_vLLM_in_order()
    {
        var answer = Page(new VirtualTimeProvider(), [], out _);

        Series(answer).ShouldBe(Series(System.Text.Encoding.UTF8.GetString(Recording.Load("metrics-idle").Body)));
    }

    [Fact]
    public void The_counters_are_the_truth()
    {
        var time = new VirtualTimeProvider();
        var bodies = Enumerable.Range(0, 30).Select(i => $$"""{"prompt":"number {{i}}","max_tokens":{{1 + i}},"n":{{1 + (i % 2)}},"stream":{{(i % 3 == 0 ? "true" : "false")}}}""");

        var page = Page(time, bodies, out var server);

        var truth = server.Truth.Requests;
        double Value(string series) => double.Parse(
            page.Split('\n').Single(line => line.StartsWith(series + "{", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
        double tokens = truth.Sum(request => request.OutputTokens);
        double sequences = truth.Sum(request => request.Choices);
        double prompts = truth.Sum(request => request.PromptTokens * request.Choices);
        Value("vllm:generation_tokens_total").ShouldBe(tokens);
        Value("vllm:prompt_tokens_total").ShouldBe(prompts);
        Value("vllm:time_to_first_token_seconds_count").ShouldBe(sequences);
        Value("vllm:inter_token_latency_seconds_count").ShouldBe(tokens - sequences);
        Value("vllm:iteration_tokens_total_sum").ShouldBe(tokens + prompts);
        Value("vllm:e2e_request_latency_seconds_count").ShouldBe(sequences);
        Value("vllm:num_requests_running").ShouldBe(0);
        var ends = page.Split('\n').Where(line => line.StartsWith("vllm:request_success_total{", StringComparison.Ordinal));
        ends.Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ShouldBe(sequences);
        Value("vllm:time_to_first_token_seconds_sum").ShouldBe(
            truth.Sum(request => request.Choices * (request.FirstToken - request.Received)!.Value.TotalSeconds), 0.05);
    }

    [Fact]
    public void A_drain_lets_answers_end_and_refuses_new_ones()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        var (answer, refused) = time.Run(async () =>
        {
            var running = Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(20), time);
            await Task.Delay(TimeSpan.FromMilliseconds(50), time);
            var stopping = server.StopAsync(StopKind.Drain);
            var refused = await Should.ThrowAsync<HttpRequestException>(() => Ask.GetAsync(client, "/health"));
            await stopping;
            return (await running, refused);
        });

        answer.Body.ShouldEndWith("data: [DONE]\n\n");
        refused.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        server.Truth.Requests[0].Outcome.ShouldBe(RequestOutcome.Finished);
    }

    [Fact]
    public void A_terminated_server_ends_its_streams_with_abort_as_recorded()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        var (stream, json) = time.Run(async () =>
        {
            var stream = Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3000), time);
            var json = Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3000, stream: false), time);
            await Task.Delay(TimeSpan.FromMilliseconds(500), time);
            await server.StopAsync();
            return (await stream, await json);
        });

        var recorded = System.Text.Encoding.UTF8.GetString(Recording.Load("chat-stream-server-stopped").Body).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        stream.Events[^1].ShouldBe(recorded[^1]);
        stream.Events[^2][stream.Events[^2].IndexOf("\"choices\"", StringComparison.Ordinal)..]
            .ShouldBe(recorded[^2][recorded[^2].IndexOf("\"choices\"", StringComparison.Ordinal)..]);
        json.Status.ShouldBe(200);
        json.Body.ShouldContain("\"finish_reason\":\"abort\"");
        server.Truth.Requests.ShouldAllBe(request => request.Outcome == RequestOutcome.Aborted);
    }

    [Fact]
    public void A_killed_server_breaks_off()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        time.Run(async () =>
        {
            var stream = Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3000), time);
            var json = Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3000, stream: false), time);
            await Task.Delay(TimeSpan.FromMilliseconds(500), time);
            await server.StopAsync(StopKind.Kill);
            (await Should.ThrowAsync<HttpIOException>(() => stream)).HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
            await Should.ThrowAsync<HttpRequestException>(() => json);
        });

        server.Truth.Requests.ShouldAllBe(request => request.Outcome == RequestOutcome.Killed);
    }

    [Fact]
    public void Tokens_come_and_go()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        var tokens = time.Run(() => Ask.PostAsync(client, "/tokenize", """{"prompt":"Hello 世界"}""")).Body;
        var list = tokens[tokens.IndexOf('[', StringComparison.Ordinal)..(tokens.IndexOf(']', StringComparison.Ordinal) + 1)];

        time.Run(() => Ask.PostAsync(client, "/detokenize", $$"""{"tokens":{{list}}}""")).Body.ShouldBe("""{"prompt":"Hello 世界"}""");
    }

    [Fact]
    public async Task Services_share_one_simulator_and_their_clients_reach_it()
    {
        var services = new ServiceCollection();
        services.AddVllmSimulator(options => options.Model = "mine");
        await using var provider = services.BuildServiceProvider();
        var simulator = provider.GetRequiredService<VllmSimulator>();
        var clients = new ServiceCollection();
        clients.AddHttpClient("sim", client => client.BaseAddress = new Uri("http://anywhere")).UseVllmSimulator(simulator);
        await using var http = clients.BuildServiceProvider();
        using var client = http.GetRequiredService<IHttpClientFactory>().CreateClient("sim");

        (await Ask.GetAsync(client, "/v1/models")).Body.ShouldContain("\"id\":\"mine\"");
    }

    static string Page(VirtualTimeProvider time, IEnumerable<string> bodies, out VllmSimulator simulator)
    {
        var server = simulator = new VllmSimulator(null, time);
        using var client = server.Client();
        return time.Run(async () =>
        {
            await Task.WhenAll(bodies.Select(body => Ask.PostAsync(client, "/v1/completions", body, time)));
            return (await Ask.GetAsync(client, "/metrics")).Body;
        });
    }

    /// <summary>Names and labels in order, without values and without what the API process counts of HTTP.</summary>
    static IReadOnlyList<string> Series(string page) =>
    [
        .. page.Split('\n')
            .Where(line => line.StartsWith("vllm:", StringComparison.Ordinal) || (line.StartsWith("# ", StringComparison.Ordinal) && line.Contains(" vllm:", StringComparison.Ordinal)))
            .Select(line => line[0] == '#' ? line : line[..line.LastIndexOf(' ')])
            .Select(line => ModelName().Replace(line, "$1"))
            .Select(line => line.StartsWith("vllm:cache_config_info", StringComparison.Ordinal) ? LabelValue().Replace(line, "=*") : line),
    ];

    [GeneratedRegex("(model_name=)\"[^\"]*\"")]
    private static partial Regex ModelName();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex LabelValue();
}
