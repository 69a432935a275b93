using Vllm.Load;
using Vllm.Reports;
using Vllm.Testing;

namespace Vllm.Tests.Load;

/// <summary>Gateways and other engines, which serve answers and little else, over real connections.</summary>
public sealed class ServersWithoutHealthTests
{
    const string Readiness = "check-ready";

    static readonly string[] Chat = [SseText.Role(), SseText.Text("a"), SseText.Last("b"), SseText.Usage(3, 2), SseText.Done];
    static readonly string[] Completion = [SseText.Completion("a"), SseText.Completion("b", "length"), SseText.Usage(3, 2), SseText.Done];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static LoadPlan Plan => new() { Phases = [LoadPhase.Users(2, 6) with { Spread = TimeSpan.Zero }], WarmUp = null };

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    public async Task A_server_that_only_answers_is_driven_and_the_report_says_what_could_not_be_asked(string served)
    {
        await using var server = Server(served);
        using var client = server.Client();

        var report = await LoadTest.RunAsync(Plan, Work(client, served), Token);

        (report.Total.Completed, report.Total.Failed).ShouldBe((6, 0));
        report.Environment.Model.ShouldBe("tiny");
        var check = report.Checks.Single(one => one.Name == Readiness);
        check.Passed.ShouldBeNull();
        check.Message.ShouldContain("/health");
        check.Message.ShouldContain("/v1/models");
        using var text = new StringWriter();
        report.WriteTo(text);
        text.ToString().ShouldContain("/v1/models");
    }

    [Fact]
    public async Task A_server_that_lists_its_models_is_ready_without_a_health_route()
    {
        await using var server = Server("/v1/chat/completions", """{"object":"list","data":[{"id":"routed","object":"model","created":1,"owned_by":"openai"}]}""");
        using var client = server.Client();

        var report = await LoadTest.RunAsync(Plan, Work(client, "/v1/chat/completions"), Token);

        (report.Total.Completed, report.Total.Failed).ShouldBe((6, 0));
        report.Checks.ShouldAllBe(check => check.Name != Readiness);
    }

    [Fact]
    public async Task Work_on_a_path_of_its_own_is_driven_where_nothing_that_the_client_knows_is_served()
    {
        await using var server = Server("/own");
        using var client = server.Client();

        var report = await LoadTest.RunAsync(Plan, LoadWork.From(async (_, token) => await client.SendAsync(HttpMethod.Post, "own", null, cancellationToken: token), client), Token);

        (report.Total.Completed, report.Total.Failed).ShouldBe((6, 0));
        report.Environment.Model.ShouldBeNull();
        report.Checks.Single(one => one.Name == Readiness).Passed.ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_key_and_an_unknown_model_still_stop_a_run_before_it_begins()
    {
        await using var guarded = new ScriptedServer((_, _) => Json("401 Unauthorized", """{"error":"Unauthorized"}"""));
        await using var other = new ScriptedServer((request, _) => request.Path == "/v1/chat/completions"
            ? Json("404 Not Found", """{"error":{"message":"The model `tiny` does not exist.","type":"NotFoundError","param":"model","code":404}}""")
            : Json("404 Not Found", """{"detail":"Not Found"}"""));

        foreach (var server in new[] { guarded, other })
        {
            using var client = server.Client();

            await Should.ThrowAsync<VllmApiException>(() => LoadTest.RunAsync(Plan, Work(client, "/v1/chat/completions"), Token));
        }
    }

    static LoadWork Work(IVllmClient client, string served) =>
        served.Contains("chat", StringComparison.Ordinal) ? LoadWork.Chat(client, Prompts.Fixed("Hi", 2)) : LoadWork.Complete(client, Prompts.Fixed("Hi", 2));

    static ScriptedServer Server(string served, string? models = null) => new((request, _) =>
    {
        if (request.Path == "/v1/models" && models is not null) return Json("200 OK", models);
        if (request.Path != served) return Json("404 Not Found", """{"detail":"Not Found"}""");
        if (request.Body.Length == 0) return Json("200 OK", "{}");
        if (request.Json["stream"] is null) return Json("200 OK", SseText.ChatAnswer("a"));
        var events = served.Contains("chat", StringComparison.Ordinal) ? Chat : Completion;
        return [ServerStep.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"), .. events.Select(one => ServerStep.Send(HttpBytes.Chunk(one))), ServerStep.Send(HttpBytes.LastChunk)];
    });

    static ServerStep[] Json(string status, string body) =>
        [ServerStep.Send(FormattableString.Invariant($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"))];
}
