namespace Vllm;

/// <summary>The server answered with an error, or with something that is no answer.</summary>
public class VllmApiException : VllmException
{
    readonly bool? _hasErrorObject;

    /// <summary>Makes one, for instance to fake a refusal in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="statusCode">HTTP status.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmApiException(string message, int statusCode, Exception? innerException = null)
        : base(message, innerException) => StatusCode = statusCode;

    internal VllmApiException(string message, int statusCode, ServerError? error, string? body, TimeSpan? retryAfter, Exception? innerException = null)
        : this(message, statusCode, innerException)
    {
        ErrorType = error?.Type is { } type ? new ErrorType(type) : null;
        Code = error?.Code;
        Param = error?.Param;
        ServerMessage = error?.Message;
        _hasErrorObject = error?.IsObject ?? false;
        Body = body;
        RetryAfter = retryAfter;
    }

    /// <summary>HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The server's word for the error, such as <c>BadRequestError</c>; null if it gave none.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The server's code, as text; null if it gave none.</summary>
    public string? Code { get; init; }

    /// <summary>The request member that is at fault; null if the server named none.</summary>
    public string? Param { get; init; }

    /// <summary>The server's own message; null if it gave none. It can quote the request, so it is not for logs.</summary>
    public string? ServerMessage { get; init; }

    /// <summary>The start of the body, at most 16 KiB, or what had come of it when it broke off; null if it was empty. It can quote the request, so it is not for logs.</summary>
    public string? Body { get; init; }

    /// <summary>How long the server asks to wait; null if it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the prompt and the tokens asked for exceed the model's context.</summary>
    public bool IsContextLengthExceeded => ErrorType?.Value == "exceed_context_size_error" // llama.cpp's word, which means nothing else
        || (StatusCode == 400
            && (Param == "input_tokens"
                || ServerMessage is { } text
                    && (text.Contains("maximum context length", StringComparison.OrdinalIgnoreCase) || text.Contains("max_model_len", StringComparison.Ordinal))));

    /// <summary>Whether the server does not serve the model asked for.</summary>
    public bool IsModelNotFound => StatusCode == 404 && HasErrorObject && ErrorType == Vllm.ErrorType.NotFound;

    /// <summary>Whether the server is busy, so that a later attempt may succeed.</summary>
    public bool IsOverloaded => StatusCode is 429 or 503;

    /// <summary>Whether the key is missing, wrong or not allowed to do this.</summary>
    public bool IsAuthentication => StatusCode == 401 || (StatusCode == 403 && !IsUnsupported);

    /// <summary>Whether the server does not offer this at all: an unknown route, or one that is switched off.</summary>
    public bool IsUnsupported => StatusCode == 501
        || (StatusCode == 403 && ErrorType == Vllm.ErrorType.PermissionDenied)
        || (StatusCode is 404 or 405 && !HasErrorObject);

    /// <inheritdoc/>
    public override bool IsTransient => StatusCode is 408 or 429 or 502 or 503 or 504;

    bool HasErrorObject => _hasErrorObject ?? ErrorType is not null;
}

/// <summary>The server is busy or limits the rate: status 429 or 503.</summary>
public sealed class VllmRateLimitException : VllmApiException
{
    /// <summary>Makes one, for instance to fake a busy server in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="statusCode">HTTP status: 429 or 503.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmRateLimitException(string message, int statusCode = 429, Exception? innerException = null) : base(message, statusCode, innerException) { }

    internal VllmRateLimitException(string message, int statusCode, ServerError? error, string? body, TimeSpan? retryAfter, Exception? innerException = null)
        : base(message, statusCode, error, body, retryAfter, innerException) { }
}

/// <summary>The server finds the request at fault: status 400 or 422.</summary>
public sealed class VllmValidationException : VllmApiException
{
    /// <summary>Makes one, for instance to fake a refusal in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="statusCode">HTTP status: 400 or 422.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmValidationException(string message, int statusCode = 400, Exception? innerException = null) : base(message, statusCode, innerException) { }

    internal VllmValidationException(string message, int statusCode, ServerError? error, string? body, Exception? innerException = null)
        : base(message, statusCode, error, body, null, innerException) { }
}
