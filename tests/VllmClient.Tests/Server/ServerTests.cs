using System.Net;
using Vllm.Testing;

namespace Vllm.Tests.Server;

public class ServerTests
{
    [Fact]
    public async Task A_healthy_server_is_healthy()
    {
        await using var server = ReplayServer.Of("health");
        using var client = server.Client();

        var healthy = await client.Server.IsHealthyAsync(TestContext.Current.CancellationToken);

        healthy.ShouldBeTrue();
        server.Request.Method.ShouldBe("GET");
        server.Request.Path.ShouldBe("/health");
    }

    [Fact]
    public async Task A_dead_engine_is_not_healthy_and_asked_once()
    {
        await using var server = ReplayServer.Of("dead-engine-health");
        using var client = server.Client();

        var healthy = await client.Server.IsHealthyAsync(TestContext.Current.CancellationToken);

        healthy.ShouldBeFalse();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_not_healthy()
    {
        Uri url;
        await using (var server = new ScriptedServer()) url = server.Url;
        using var client = new VllmClient(url);

        var healthy = await client.Server.IsHealthyAsync(TestContext.Current.CancellationToken);

        healthy.ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_address_is_no_answer_about_health()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.NotFound, """{"detail":"Not Found"}""").Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Server.IsHealthyAsync(TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(404);
    }

    [Fact]
    public async Task Version()
    {
        await using var server = ReplayServer.Of("version");
        using var client = server.Client();

        var version = await client.Server.GetVersionAsync(TestContext.Current.CancellationToken);

        version.ShouldBe("0.32.0");
        server.Request.Path.ShouldBe("/version");
    }

    [Fact]
    public async Task Models()
    {
        await using var server = ReplayServer.Of("models");
        using var client = server.Client();

        var models = await client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken);

        models.ShouldBe([new ModelInfo { Id = "tiny", Root = "./tiny", Parent = null, MaxModelLength = 16384 }]);
        server.Request.Method.ShouldBe("GET");
        server.Request.Path.ShouldBe("/v1/models");
    }

    [Fact]
    public async Task Models_with_an_adapter()
    {
        await using var server = ReplayServer.Of("models-with-lora");
        using var client = server.Client();

        var models = await client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken);

        var adapter = models.Single(model => model.Parent is not null);
        adapter.Parent.ShouldBe("tiny");
        adapter.MaxModelLength.ShouldBeNull();
        models.Single(model => model.Parent is null).Id.ShouldBe("tiny");
    }

    [Fact]
    public async Task Metrics_come_as_they_are()
    {
        await using var server = ReplayServer.Of("metrics-after");
        using var client = server.Client();

        var text = await client.Server.GetMetricsTextAsync(TestContext.Current.CancellationToken);

        text.ShouldBe(System.Text.Encoding.UTF8.GetString(Recording.Load("metrics-after").Body));
        server.Request.Path.ShouldBe("/metrics");
    }

    [Fact]
    public async Task Waiting_until_ready_asks_for_health_and_models_and_one_token()
    {
        await using var server = ReplayServer.Of("health", "models", "chat-no-model");
        using var client = server.Client();

        var model = await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

        model.Id.ShouldBe("tiny");
        server.Requests.Select(request => request.Path).Take(2).ShouldBe(["/health", "/v1/models"]);
        server.Requests.Count.ShouldBe(3);
        server.Requests[2].Method.ShouldBe("POST");
        server.Requests[2].Json["model"]!.GetValue<string>().ShouldBe("tiny");
    }

    [Fact]
    public async Task Waiting_until_ready_gives_up_at_once_where_waiting_does_not_help()
    {
        await using var server = ReplayServer.Of("error-no-key-401");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken));

        failure.IsAuthentication.ShouldBeTrue();
    }
}
