using Vllm.Testing;

namespace Vllm.Tests.Errors;

/// <summary>Recorded refusals of a real vLLM 0.32.0; expected values are read off the recordings.</summary>
public class RecordedErrorTests
{
    [Theory]
    [InlineData("error-bad-json", "Bad Request", "body.9", "1 validation error:\n  {'type': 'json_invalid', 'loc': 'body.9', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', 'ctx': {'error': 'Expecting value'}}")]
    [InlineData("error-completion-empty-prompt", "BadRequestError", "prompt", "Either prompt or prompt_embeds must be provided and non-empty. (parameter=prompt)")]
    [InlineData("error-content-type", "Bad Request", null, "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed")]
    [InlineData("error-empty-messages", "BadRequestError", null, "Cannot apply chat template to an empty conversation. Provide at least one message.")]
    [InlineData("error-empty-tools", "BadRequestError", "tools", "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely. (parameter=tools)")]
    [InlineData("error-image-for-text-model", "BadRequestError", null, "tiny is not a multimodal model")]
    [InlineData("error-lone-surrogate", "BadRequestError", null, "TextEncodeInput must be Union[TextInputSequence, Tuple[InputSequence, InputSequence]]")]
    [InlineData("error-max-tokens-too-large", "BadRequestError", "max_tokens", "max_tokens=999999 cannot be greater than max_model_len=16384. Please request fewer output tokens. (parameter=max_tokens, value=999999)")]
    [InlineData("error-max-tokens-zero", "BadRequestError", "max_tokens", "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)")]
    [InlineData("error-no-messages", "Bad Request", "body.messages", "1 validation error:\n  {'type': 'missing', 'loc': 'body.messages', 'msg': 'Field required', 'input': '<dict of 1 items>'}")]
    [InlineData("error-not-object", "Bad Request", "body", "1 validation error:\n  {'type': 'model_attributes_type', 'loc': 'body', 'msg': 'Input should be a valid dictionary or object to extract fields from', 'input': '<list of 2 items>'}")]
    [InlineData("error-regex", "BadRequestError", null, "Grammar error: at 1(8): invalid regex \"([\" (in regex): regex parse error:\n    ([\n     ^\nerror: unclosed character class\n   1 | start: /([/\n              ^")]
    [InlineData("error-stream-options-without-stream", "BadRequestError", "stream_options", "Stream options can only be defined when `stream=True`. (parameter=stream_options)")]
    [InlineData("error-temperature", "BadRequestError", "temperature", "temperature must be non-negative, got -1.0. (parameter=temperature, value=-1.0)")]
    [InlineData("error-too-long", "BadRequestError", "input_tokens", "This model's maximum context length is 16384 tokens. However, your prompt contains at least 16385 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=16385)")]
    [InlineData("error-two-constraints", "BadRequestError", null, "You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').")]
    public async Task A_400_says_what_is_wrong_with_the_request(string recording, string type, string? param, string message)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(400);
        (failure.ErrorType?.Value).ShouldBe(type);
        failure.Param.ShouldBe(param);
        failure.Code.ShouldBe("400");
        failure.ServerMessage.ShouldBe(message);
        failure.Attempts.ShouldBe(1);
        failure.RetryAfter.ShouldBeNull();
        failure.Message.ShouldContain("/v1/chat/completions");
        failure.Message.ShouldContain("400");
        failure.IsContextLengthExceeded.ShouldBe(recording is "error-too-long" or "error-max-tokens-too-large");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_key_is_a_401_whose_error_is_a_string()
    {
        await using var server = ReplayServer.Of("error-no-key-401");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(401);
        failure.ServerMessage.ShouldBe("Unauthorized");
        failure.ErrorType.ShouldBeNull();
        failure.Body.ShouldBe("""{"error":"Unauthorized"}""");
        failure.IsAuthentication.ShouldBeTrue();
        failure.IsUnsupported.ShouldBeFalse();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_model_is_told_from_an_unknown_path()
    {
        await using var server = ReplayServer.Of("error-model-404");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync(new() { Model = "nope", Messages = ["Hi"] }, cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(404);
        (failure.ErrorType?.Value).ShouldBe("NotFoundError");
        failure.Param.ShouldBe("model");
        failure.ServerMessage.ShouldBe("The model `nope` does not exist. Valid aliases: tiny.");
        failure.IsModelNotFound.ShouldBeTrue();
        failure.IsUnsupported.ShouldBeFalse();
    }

    [Theory]
    [InlineData("error-path-404", 404, "Not Found")]
    [InlineData("error-embeddings-on-generate-model", 404, "Not Found")]
    [InlineData("error-method-405", 405, "Method Not Allowed")]
    public async Task An_unserved_path_names_the_URL_and_the_cure(string recording, int status, string message)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(status);
        failure.ServerMessage.ShouldBe(message);
        failure.IsUnsupported.ShouldBeTrue();
        failure.IsModelNotFound.ShouldBeFalse();
        failure.Message.ShouldContain($"{server.Url.Authority}/v1/chat/completions");
        failure.Message.ShouldContain("BaseUrl");
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("error-queue-full", false)]
    [InlineData("error-stream-queue-full", true)]
    public async Task A_full_queue_is_an_overload(string recording, bool stream)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => AskAsync(client, stream));

        failure.StatusCode.ShouldBe(503);
        (failure.ErrorType?.Value).ShouldBe("Service Unavailable");
        failure.Code.ShouldBe("503");
        failure.IsOverloaded.ShouldBeTrue();
        failure.RetryAfter.ShouldBeNull();
        failure.ServerMessage.ShouldBe("The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.");
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("nginx-error-502", 502, "Bad Gateway")]
    [InlineData("nginx-error-504", 504, "Gateway Time-out")]
    public async Task A_proxys_page_is_an_error_of_its_status(string recording, int status, string title)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken));

        failure.ShouldBeOfType<VllmApiException>();
        failure.StatusCode.ShouldBe(status);
        failure.Body!.ShouldContain(title);
        failure.ErrorType.ShouldBeNull();
        failure.Message.ShouldNotContain("<html>");
    }

    static Task AskAsync(VllmClient client, bool stream) => stream
        ? client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask()
        : client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);
}
