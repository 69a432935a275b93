using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests;

public sealed class ServerTests
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
    public void A_memory_that_cannot_hold_the_longest_request_is_refused_where_there_is_one()
    {
        var options = new SimulatorOptions { Blocks = 512 };
        Should.Throw<ArgumentException>(() => new VllmSimulator(options)).Message
            .ShouldContain("MaxModelLen is 8192, but Blocks and BlockSize hold 8176 tokens");

        options.Blocks = 513;
        Should.NotThrow(() => new VllmSimulator(options));
        options.Blocks = 2;
        options.FixedTimeToFirstToken = TimeSpan.Zero;
        Should.NotThrow(() => new VllmSimulator(options));
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
        Should.Throw<ArgumentException>(() => server.Change(own => own.Blocks = 9000)).Message.ShouldContain("Blocks and BlockSize cannot change");
        Served().ShouldContain("\"id\":\"other\"");
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

    [Fact]
    public async Task A_simulator_on_any_free_port_can_be_found()
    {
        var services = new ServiceCollection();
        services.AddVllmSimulator(options => options.Port = 0);
        await using var provider = services.BuildServiceProvider();
        var simulator = provider.GetRequiredService<VllmSimulator>();
        var service = provider.GetRequiredService<IHostedService>();
        simulator.Url.ShouldBeNull();

        await service.StartAsync(TestContext.Current.CancellationToken);
        var url = simulator.Url.ShouldNotBeNull();
        using var client = new HttpClient { BaseAddress = url };
        var status = (await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode;
        await service.StopAsync(TestContext.Current.CancellationToken);

        url.Port.ShouldBeGreaterThan(0);
        status.ShouldBe(System.Net.HttpStatusCode.OK);
        simulator.Url.ShouldBeNull();
    }
}
