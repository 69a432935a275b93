using System.Globalization;

namespace Vllm.Http;

/// <summary>Builds every exception about a call. A message says what was tried, what happened, and what to do; never what was asked or answered.</summary>
static class Failures
{
    internal static VllmException Connection(CallFacts call, HttpRequestException error)
    {
        var kind = error.HttpRequestError;
        var why = Cause(error);
        var text = kind switch
        {
            HttpRequestError.NameResolutionError => $"the host name '{call.Url.Host}' is unknown ({why}). Check BaseUrl ({call.BaseUrl}).",
            HttpRequestError.ConnectionError => $"nothing answers at {call.Url.Authority} ({why}). Is vLLM running, and is BaseUrl ({call.BaseUrl}) right?",
            HttpRequestError.SecureConnectionError => $"the TLS handshake failed ({why}). Does the server speak https, and is its certificate trusted?",
            HttpRequestError.ResponseEnded => $"the connection was closed before an answer came ({why}). The server, or a proxy before it, went away{(call.Url.Scheme == "http" ? ", or the port speaks https" : "")}.",
            HttpRequestError.InvalidResponse => $"the answer is not HTTP ({why}). Is BaseUrl the right port{(call.Url.Scheme == "http" ? ", and does it not speak https" : "")}?",
            _ => $"the connection failed: {why}.",
        };
        return Told(call, new VllmConnectionException($"{call.Target}: {text}{call.AttemptsText}", kind, error));
    }

    internal static VllmException BodyBroken(CallFacts call, long bytes, Exception error) => Told(call, new VllmConnectionException(
        Invariant($"{call.Target}: the connection broke after {bytes} bytes of the answer ({Cause(error)}). The server, or a proxy before it, went away; its log says why.{call.AttemptsText}"),
        (error as HttpIOException)?.HttpRequestError ?? HttpRequestError.ResponseEnded, error)
    { BytesReceived = bytes });

    internal static VllmException Timeout(CallFacts call, VllmTimeoutKind kind, TimeSpan limit, int chunks, Exception? error)
    {
        var seconds = limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        var text = kind switch
        {
            VllmTimeoutKind.Connect => $"no connection within {seconds} s. Is {call.Url.Authority} reachable? ConnectTimeout sets the limit.",
            VllmTimeoutKind.ResponseHeaders => $"no answer within {seconds} s of sending. Raise ResponseHeadersTimeout if answers take that long, or stream them.",
            VllmTimeoutKind.FirstToken => $"no content within {seconds} s of the response head. The server's queue may be long; raise FirstTokenTimeout to wait for it.",
            VllmTimeoutKind.StreamIdle => Invariant($"nothing received for {seconds} s after {chunks} content events. Raise StreamIdleTimeout if the server may pause that long."),
            _ => $"not finished within {seconds} s. Timeout sets the limit for the whole call.",
        };
        return Told(call, new VllmTimeoutException($"{call.Target}: {text}{call.AttemptsText}", kind, limit, call.Elapsed, error));
    }

    internal static VllmException ForeignTimeout(CallFacts call, TimeSpan limit, Exception error) => Told(call, new VllmTimeoutException(
        Invariant($"{call.Target}: the HTTP client's own Timeout of {limit.TotalSeconds:0.###} s cut the call. Set HttpClient.Timeout to Timeout.InfiniteTimeSpan; VllmClient keeps its own deadlines."),
        VllmTimeoutKind.Total, limit, call.Elapsed, error));

    internal static VllmException Truncated(CallFacts call, int chunks, Exception? error) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: the stream ended without [DONE] after {chunks} content events, so the answer is incomplete. The server or a proxy closed it; what had arrived is in PartialResult. For a gateway that never sends [DONE] set RequireDone to false."),
        VllmStreamFailure.Truncated, error));

    internal static VllmException Unfinished(CallFacts call, int chunks) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: the stream said [DONE] after {chunks} content events, but not why every choice ended, so the answer is incomplete. What is behind a gateway may have died; what had arrived is in PartialResult. For a server that never sends a finish reason set RequireFinishReason to false."),
        VllmStreamFailure.Truncated));

    internal static VllmException ResponseTruncated(CallFacts call, int chunks, Exception? error) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: the stream ended without response.completed after {chunks} content events, so the response is incomplete. The server or a proxy closed it; what had arrived is in PartialResult."),
        VllmStreamFailure.Truncated, error));

    internal static VllmException LastEventMissing(CallFacts call, int chunks, Exception? error) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: the stream ended after {chunks} events without the last one of its kind (response.completed, message_stop), so it is incomplete. The server or a proxy closed it."),
        VllmStreamFailure.Truncated, error));

    internal static VllmException Malformed(CallFacts call, int chunks, Exception? error) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: an event after {chunks} content events is not the JSON that vLLM sends. Something between client and server may have changed it; what had arrived is in PartialResult."),
        VllmStreamFailure.Malformed, error));

    internal static VllmException Aborted(CallFacts call, int chunks) => Told(call, new VllmStreamException(
        Invariant($"{call.Target}: the server gave up the answer after {chunks} content events (finish_reason 'abort'). It was being stopped; ask again once it is back. What had arrived is in PartialResult."),
        VllmStreamFailure.Aborted));

    internal static VllmException InStream(CallFacts call, ServerError error, int chunks)
    {
        var code = error.Code is null ? "" : $" {error.Code}";
        return Told(call, new VllmStreamException(
            Invariant($"{call.Target}: the server reported an error{code} in the stream after {chunks} content events: {Words(error)} What had arrived is in PartialResult."),
            VllmStreamFailure.ServerError)
        {
            Code = error.Code,
            ErrorType = error.Type is { } type ? new ErrorType(type) : null,
            ServerMessage = error.Message,
        });
    }

    internal static VllmException InBody(CallFacts call, int status, ServerError error, string? body) => Told(call, new VllmApiException(
        $"{call.Target}: answered {status}, but with an error inside: {Words(error)} A gateway before vLLM may hide the true status.",
        status, error, body, null));

    internal static VllmException NotAnAnswer(CallFacts call, int status, string? contentType, string? body) => Told(call, new VllmApiException(
        $"{call.Target}: answered {status} with {contentType ?? "no content type"}, which is no answer of vLLM. Is BaseUrl ({call.BaseUrl}) right, and not a web page or a proxy?",
        status, null, body, null));

    internal static VllmException UnreadableJson(CallFacts call, int status, string? body, Exception error) => Told(call, new VllmApiException(
        $"{call.Target}: answered {status} with JSON that is not an answer of vLLM. Is BaseUrl ({call.BaseUrl}) right?",
        status, null, body, null, error));

    internal static ObjectDisposedException Disposed() => new(nameof(VllmClient), "The client was disposed while the call ran.");

    internal static T Told<T>(CallFacts call, T error) where T : VllmException
    {
        error.Describe(call.RequestId, call.Url, call.Attempts, call.Timings);
        return error;
    }

    /// <summary>The server's own words, cut to a length that fits a message. They can quote a number or a name of the request, never its text at length.</summary>
    internal static string Words(ServerError? error)
    {
        var text = error?.Message;
        if (string.IsNullOrWhiteSpace(text)) return "no message.";
        // Validation errors quote the request behind this word.
        var quoted = text.IndexOf("'input':", StringComparison.Ordinal);
        if (quoted >= 0) text = text[..quoted].TrimEnd(' ', ',', '{', '[');
        text = text.ReplaceLineEndings(" ").Trim();
        if (text.Length > 300) text = text[..300] + "...";
        return text.EndsWith('.') ? text : text + ".";
    }

    // What wraps it says only that something is inside. The text may be a foreign server's, so it stays in one short line.
    static string Cause(Exception error)
    {
        var cause = error.GetBaseException();
        var text = cause is HttpIOException io ? cause.Message.Replace($" ({io.HttpRequestError})", "", StringComparison.Ordinal) : cause.Message;
        text = string.Concat(text.Take(200).Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.TrimEnd('.');
    }

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
