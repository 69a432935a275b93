using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>What the log says of requests that were changed, and of servers that lack a parser.</summary>
public class LogTests
{
    readonly FakeLogCollector _log = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_ExtraBody_replaces_is_named()
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok")));

        await client.ChatAsync(new() { Messages = ["Hi"], Temperature = 0.5, ExtraBody = new() { ["temperature"] = 1, ["other"] = "secret words" } }, cancellationToken: Token);

        Only(401).Message.ShouldBe("ExtraBody replaces the request member temperature.");
        _log.GetSnapshot().ShouldAllBe(record => !record.Message.Contains("secret words"));
    }

    [Fact]
    public async Task Lone_surrogates_are_counted()
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok")));

        await client.ChatAsync(new() { Messages = ["a\ud800b", ChatMessage.User("c\udc00", "\ud83d\ude80"), "whole \ud83d\ude80"] }, cancellationToken: Token);

        Only(402).Message.ShouldContain("2 lone surrogates");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_call_that_came_as_text_is_warned_of_once(bool stream)
    {
        const string Call = "<tool_call>{\"name\":\"now\"}";
        var handler = stream
            ? new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Text(Call[..5]), SseText.Last(Call[5..]), SseText.Done))
            : new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer(Call));
        using var client = Client(handler);

        for (var i = 0; i < 3; i++) await AskAsync(client, stream, new() { Messages = ["Hi"], Tools = [ChatTool.Function("now")] });

        var warning = Only(304);
        warning.Level.ShouldBe(LogLevel.Warning);
        warning.Message.ShouldContain("--enable-auto-tool-choice");
        warning.Message.ShouldContain("--tool-call-parser");
    }

    [Fact]
    public async Task Without_tools_such_a_text_is_a_text()
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("[TOOL_CALLS]")));

        await AskAsync(client, false, "Hi");

        _log.GetSnapshot().ShouldAllBe(record => record.Id.Id != 304);
    }

    FakeLogRecord Only(int id) => _log.GetSnapshot().Where(record => record.Id.Id == id).ShouldHaveSingleItem();

    static Task<ChatResult> AskAsync(VllmClient client, bool stream, ChatRequest request) => stream
        ? client.ChatStreamAsync(request, cancellationToken: Token).ToResultAsync(cancellationToken: Token)
        : client.ChatAsync(request, cancellationToken: Token);

    VllmClient Client(ScriptedHandler handler) => handler.Client(services: new() { LoggerFactory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(_log))) });
}
