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

        var healthy = await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken);

        healthy.ShouldBeTrue();
        server.Request.Method.ShouldBe("GET");
        server.Request.Path.ShouldBe("/health");
    }

    [Fact]
    public async Task A_dead_engine_is_not_healthy_and_asked_once()
    {
        await using var server = ReplayServer.Of("dead-engine-health");
        using var client = server.Client();

        var healthy = await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken);

        healthy.ShouldBeFalse();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_not_healthy()
    {
        Uri url;
        await using (var server = new ScriptedServer()) url = server.Url;
        using var client = new VllmClient(url);

        var healthy = await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken);

        healthy.ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_address_is_no_answer_about_health()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.NotFound, """{"detail":"Not Found"}""").Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(404);
    }

    [Theory]
    [InlineData(404, """{"detail":"Not Found"}""")]
    [InlineData(404, """{"error":{"message":"File Not Found","type":"not_found_error","code":404}}""")]
    [InlineData(405, """{"detail":"Method Not Allowed"}""")]
    public async Task A_server_without_a_health_route_is_healthy_if_it_lists_its_models(int status, string body)
    {
        var handler = Gateway(status, body, models: (200, GatewayModels));
        using var client = handler.Client();

        (await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBeTrue();

        handler.Requests.Select(request => request.Path).ShouldBe(["/health", "/v1/models"]);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_server_without_a_health_route_is_not_healthy_if_its_models_are_not_there(int status)
    {
        using var client = Gateway(404, NotFound, models: (status, "")).Client();

        (await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_is_refused_on_the_way_to_the_models_is_told()
    {
        using var client = Gateway(404, NotFound, models: (401, """{"error":"Unauthorized"}""")).Client();

        (await Should.ThrowAsync<VllmApiException>(() => client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken))).IsAuthentication.ShouldBeTrue();
    }

    [Fact]
    public async Task Waiting_until_ready_goes_on_without_a_health_route()
    {
        var handler = Gateway(404, NotFound, models: (200, GatewayModels), completions: (200, "{}"));
        using var client = handler.Client();

        var model = await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

        model.Id.ShouldBe("routed");
        handler.Requests.Select(request => request.Path).ShouldBe(["/health", "/v1/models", "/v1/completions"]);
    }

    [Theory]
    [InlineData("completions", "/v1/completions")]
    [InlineData("chat", "/v1/completions", "/v1/chat/completions")]
    public async Task Waiting_until_ready_asks_for_one_token_where_neither_health_nor_models_are_served(string served, params string[] paths)
    {
        const string Answer = """{"id":"a","object":"x","created":1,"model":"answering","choices":[],"usage":null}""";
        var handler = served == "chat" ? Gateway(404, NotFound, chat: (200, Answer)) : Gateway(404, NotFound, completions: (200, Answer));
        using var client = handler.Client();

        var model = await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

        model.Id.ShouldBe("answering");
        handler.Requests.Select(request => request.Path).ShouldBe(["/health", "/v1/models", .. paths]);
        handler.Requests[^1].Json["model"].ShouldBeNull();
    }

    [Fact]
    public async Task The_model_that_is_waited_for_is_asked_where_no_list_of_models_is_served()
    {
        var handler = Gateway(404, NotFound, chat: (200, "{}"));
        using var client = handler.Client();

        var model = await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), "wanted", cancellationToken: TestContext.Current.CancellationToken);

        model.Id.ShouldBe("wanted");
        handler.Requests[^1].Json["model"]!.GetValue<string>().ShouldBe("wanted");
    }

    [Fact]
    public async Task Waiting_until_ready_waits_for_a_server_that_only_generates()
    {
        var busy = true;
        var handler = new ScriptedHandler().Answers((request, _) =>
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path != "/v1/completions") return Task.FromResult(Answer(404, NotFound));
            (var status, busy) = (busy ? 503 : 200, false);
            return Task.FromResult(Answer(status, "{}"));
        });
        using var client = handler.Client();

        await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

        handler.Requests.Count(request => request.Path == "/v1/completions").ShouldBe(2);
    }

    [Theory]
    [InlineData(404, NotFound)]
    [InlineData(400, """{"error":{"message":"model is required","type":"BadRequestError","code":400}}""")]
    [InlineData(200, """{"error":{"message":"no engine","code":500}}""")]
    [InlineData(200, "<html></html>")]
    public async Task Waiting_until_ready_gives_up_at_once_where_nothing_says_that_the_server_is_ready(int status, string body)
    {
        using var client = Gateway(404, NotFound, chat: (status, body)).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Version()
    {
        await using var server = ReplayServer.Of("version");
        using var client = server.Client();

        var version = await client.Server.GetVersionAsync(cancellationToken: TestContext.Current.CancellationToken);

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

        var text = await client.Server.GetMetricsTextAsync(cancellationToken: TestContext.Current.CancellationToken);

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

    const string NotFound = """{"detail":"Not Found"}""";
    const string GatewayModels = """{"object":"list","data":[{"id":"routed","object":"model","created":1,"owned_by":"openai"}]}""";

    /// <summary>A server without health, version and metrics; the rest answers as told, or not at all.</summary>
    static ScriptedHandler Gateway(int status, string body, (int, string)? models = null, (int, string)? completions = null, (int, string)? chat = null) =>
        new ScriptedHandler().Answers((request, _) => Task.FromResult((request.RequestUri!.AbsolutePath switch
        {
            "/v1/models" => models,
            "/v1/completions" => completions,
            "/v1/chat/completions" => chat,
            _ => null,
        }) is var (known, text) ? Answer(known, text) : Answer(status, body)));

    static HttpResponseMessage Answer(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
}
