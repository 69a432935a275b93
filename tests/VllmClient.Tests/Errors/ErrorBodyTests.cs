using System.Net;
using Vllm.Testing;

namespace Vllm.Tests.Errors;

/// <summary>The shapes that error bodies come in, from vLLM, its older versions and the proxies before it.</summary>
public class ErrorBodyTests
{
    [Theory]
    [InlineData("""{"error":{"message":"m","type":"T","param":"p","code":400}}""", "m", "T", "p", "400")]
    [InlineData("""{"error":{"message":"m","type":"T","param":null,"code":"bad_thing"}}""", "m", "T", null, "bad_thing")]
    [InlineData("""{"object":"error","message":"m","type":"T","param":"p","code":40001}""", "m", "T", "p", "40001")]
    [InlineData("""{"error":"m"}""", "m", null, null, null)]
    [InlineData("""{"detail":"m"}""", "m", null, null, null)]
    public async Task Every_shape_gives_its_members(string body, string message, string? type, string? param, string? code)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.BadRequest, body).Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => AskAsync(client));

        failure.ServerMessage.ShouldBe(message);
        (failure.ErrorType?.Value).ShouldBe(type);
        failure.Param.ShouldBe(param);
        failure.Code.ShouldBe(code);
        failure.Body.ShouldBe(body);
    }

    [Fact]
    public async Task A_list_of_details_gives_their_words()
    {
        const string body = """{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required","input":{}}]}""";
        using var client = new ScriptedHandler().Answers(HttpStatusCode.UnprocessableEntity, body).Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => AskAsync(client));

        failure.StatusCode.ShouldBe(422);
        failure.ServerMessage!.ShouldContain("Field required");
    }

    [Fact]
    public async Task An_empty_body_leaves_everything_null()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.NotFound, "", contentType: "").Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.StatusCode.ShouldBe(404);
        failure.Body.ShouldBeNull();
        failure.ServerMessage.ShouldBeNull();
        failure.IsUnsupported.ShouldBeTrue();
    }

    [Fact]
    public async Task HTML_is_kept_as_body_and_out_of_the_message()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.Forbidden, "<html><body>Log in first</body></html>", "text/html").Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.StatusCode.ShouldBe(403);
        failure.Body!.ShouldContain("Log in first");
        failure.Message.ShouldNotContain("<");
        failure.IsAuthentication.ShouldBeTrue();
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.OK)]
    public async Task The_word_of_llama_cpp_for_a_prompt_that_is_too_long_is_understood_whatever_the_status(HttpStatusCode status)
    {
        const string body = """{"error":{"code":400,"message":"request (4104 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4104,"n_ctx":4096}}""";
        using var client = new ScriptedHandler().Answers(status, body).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.IsContextLengthExceeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_is_kept_to_16_KiB()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.InternalServerError, new string('x', 100_000), "text/plain").Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.Body!.Length.ShouldBe(16 * 1024);
    }

    [Theory]
    [InlineData("""{"error":{"message":"render is off","type":"PermissionDeniedError","param":null,"code":403}}""", 403, true, false)]
    [InlineData("""{"error":{"message":"no","type":"Forbidden","param":null,"code":403}}""", 403, false, true)]
    [InlineData("""{"error":{"message":"no","type":"NotImplementedError","param":null,"code":501}}""", 501, true, false)]
    public async Task What_the_server_does_not_offer_is_told_from_what_it_does_not_allow(string body, int status, bool unsupported, bool authentication)
    {
        using var client = new ScriptedHandler().Answers((HttpStatusCode)status, body).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.IsUnsupported.ShouldBe(unsupported);
        failure.IsAuthentication.ShouldBe(authentication);
    }

    [Fact]
    public async Task A_200_with_a_page_is_no_answer_and_asks_for_the_BaseUrl()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, "<html>Welcome</html>", "text/html").Client();

        var json = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));
        var stream = await Should.ThrowAsync<VllmApiException>(() => StreamAsync(client));

        foreach (var failure in new[] { json, stream })
        {
            failure.StatusCode.ShouldBe(200);
            failure.Message.ShouldContain("text/html");
            failure.Message.ShouldContain("BaseUrl");
        }
    }

    [Fact]
    public async Task A_redirect_is_no_answer_and_names_its_target()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.MovedPermanently, "", "", ("Location", "https://gpu.example/v1/chat/completions"));
        using var client = handler.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => AskAsync(client));

        failure.StatusCode.ShouldBe(301);
        failure.Message.ShouldContain("https://gpu.example/v1/chat/completions");
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_answered_with_a_whole_chat_object_becomes_updates()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("Hello you")).Client();

        var updates = await StreamAsync(client);

        updates.TextOf().ShouldBe("Hello you");
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.Stop);
        updates.Single(update => update.Usage is not null).Usage!.CompletionTokens.ShouldBe(12);
    }

    [Fact]
    public async Task A_stream_answered_with_a_JSON_error_becomes_its_exception()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"error":{"message":"m","type":"T","param":"p","code":400}}""").Client();

        var failure = await Should.ThrowAsync<VllmException>(() => StreamAsync(client));

        failure.Message.ShouldContain("200");
    }

    static Task<ChatResult> AskAsync(VllmClient client) => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

    static Task<List<ChatUpdate>> StreamAsync(VllmClient client) =>
        client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
}
