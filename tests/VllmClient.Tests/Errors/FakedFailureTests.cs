namespace Vllm.Tests.Errors;

/// <summary>Users make failures of their own, to test how their code takes them.</summary>
public class FakedFailureTests
{
    [Fact]
    public void A_failure_holds_what_a_test_gives_it()
    {
        var cause = new IOException("gone");

        var failure = new VllmStreamException("cut", VllmStreamFailure.Truncated, cause)
        {
            RequestId = "abc",
            Endpoint = new Uri("http://gpu:8000/v1/chat/completions"),
            Attempts = 2,
            Timings = new VllmCallTimings { Sent = TimeSpan.FromMilliseconds(3) },
            PartialResult = new ChatResult { Choices = [new ChatChoice { Message = ChatMessage.Assistant("Once upon") }] },
            Code = "503",
            ErrorType = ErrorType.ServiceUnavailable,
            ServerMessage = "busy",
        };

        failure.Message.ShouldBe("cut");
        failure.InnerException.ShouldBeSameAs(cause);
        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.RequestId.ShouldBe("abc");
        failure.Endpoint!.Host.ShouldBe("gpu");
        failure.Attempts.ShouldBe(2);
        failure.Timings.Sent.ShouldBe(TimeSpan.FromMilliseconds(3));
        failure.PartialText.ShouldBe("Once upon");
        failure.IsOverloaded.ShouldBeTrue();
        failure.ErrorType.ShouldBe(ErrorType.ServiceUnavailable);
        failure.ServerMessage.ShouldBe("busy");
    }

    [Fact]
    public void A_refusal_is_read_as_one_of_the_server_is()
    {
        new VllmApiException("m", 404) { ErrorType = ErrorType.NotFound, Param = "model" }.IsModelNotFound.ShouldBeTrue();
        new VllmApiException("m", 404).IsUnsupported.ShouldBeTrue();
        new VllmApiException("m", 401).IsAuthentication.ShouldBeTrue();
        new VllmValidationException("m") { Param = "input_tokens" }.IsContextLengthExceeded.ShouldBeTrue();
        new VllmRateLimitException("m") { RetryAfter = TimeSpan.FromSeconds(3) }.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        new VllmRateLimitException("m").StatusCode.ShouldBe(429);
        new VllmTimeoutException("m", VllmTimeoutKind.FirstToken, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)).Limit.ShouldBe(TimeSpan.FromSeconds(5));
        new VllmConnectionException("m", HttpRequestError.ResponseEnded) { BytesReceived = 7 }.BytesReceived.ShouldBe(7);
        new VllmOutputException("m", VllmOutputFailure.Refused).Reason.ShouldBe(VllmOutputFailure.Refused);
    }

    public static TheoryData<VllmException, bool> Failures => new()
    {
        { new VllmApiException("m", 408), true },
        { new VllmRateLimitException("m", 429), true },
        { new VllmApiException("m", 502), true },
        { new VllmRateLimitException("m", 503), true },
        { new VllmApiException("m", 504), true },
        { new VllmConnectionException("m", HttpRequestError.ConnectionError), true },
        { new VllmConnectionException("m", HttpRequestError.NameResolutionError), true },
        { new VllmConnectionException("m", HttpRequestError.ResponseEnded), false },
        { new VllmConnectionException("m", HttpRequestError.SecureConnectionError), false },
        { new VllmValidationException("m", 400), false },
        { new VllmApiException("m", 401), false },
        { new VllmApiException("m", 404), false },
        { new VllmApiException("m", 500), false },
        { new VllmApiException("m", 501), false },
        { new VllmTimeoutException("m", VllmTimeoutKind.Connect, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), false },
        { new VllmStreamException("m", VllmStreamFailure.ServerError) { Code = "503" }, false },
        { new VllmOutputException("m", VllmOutputFailure.Empty), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_that_the_client_would_try_again_is_transient(VllmException failure, bool isTransient) => failure.IsTransient.ShouldBe(isTransient);
}
