using System.Net;
using System.Text;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Turns an answer that is not 2xx into its exception.</summary>
static class ErrorAnswers
{
    /// <summary>Most of an error body that is kept.</summary>
    internal const int BodyLimit = 16 * 1024;

    /// <param name="call">The call.</param>
    /// <param name="response">The answer.</param>
    /// <param name="body">What had come of its body.</param>
    /// <param name="broken">What ended the body before its end; null if nothing did.</param>
    /// <param name="now">The time of day, for a wish that names one.</param>
    internal static VllmException Of(CallFacts call, HttpResponseMessage response, ReadOnlySpan<byte> body, Exception? broken, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var error = ErrorReader.Body(body);
        var text = body.IsEmpty ? null : Encoding.UTF8.GetString(body);
        var retryAfter = RetryAfter(response, now);
        var message = $"{call.Target}: {Says(call, response, status, error)}{Broken(broken, body.Length)}{call.AttemptsText}";
        var exception = status switch
        {
            429 or 503 => new VllmRateLimitException(message, status, error, text, retryAfter, broken),
            400 or 422 => new VllmValidationException(message, status, error, text, broken),
            _ => new VllmApiException(message, status, error, text, retryAfter, broken),
        };
        return Failures.Told(call, exception);
    }

    static string Says(CallFacts call, HttpResponseMessage response, int status, ServerError? error) => status switch
    {
        >= 300 and < 400 => $"answered {status}, a redirect{Location(response)}. Set BaseUrl to the final address; a redirected POST would lose its body.",
        401 => $"answered 401: {Words(error, "the key is missing or wrong")} Set ApiKey to the server's --api-key.",
        403 when error?.Type != "PermissionDeniedError" => $"answered 403: {Words(error, "the key may not do this")}",
        404 when error is not { IsObject: true } => $"answered 404 for {call.Url}: {Words(error, "Not Found")} Either BaseUrl ({call.BaseUrl}) is wrong, or this server does not serve the route for its model.",
        404 when error.Type == "NotFoundError" && (error.Param is "model" || Mentions(error, "model")) => $"answered 404: {Words(error, "the model is unknown")} ListModelsAsync tells the names it serves.",
        405 => $"answered 405: {Words(error, "the method is not allowed")} Is BaseUrl ({call.BaseUrl}) right?",
        408 or 504 => $"answered {status}: {Words(error, "a proxy gave up waiting")} Stream the answer, or raise the proxy's read timeout.",
        413 => $"answered 413: {Words(error, "the request is too large")} A proxy may limit the size of requests.",
        429 or 503 => $"answered {status}: {Words(error, "the server is busy or not ready")} Ask again later, or lower the concurrency.",
        502 => $"answered 502: {Words(error, "a proxy could not reach vLLM")} Is vLLM running behind it?",
        >= 500 => $"answered {status}: {Words(error, "the server failed")} Its log says why.",
        _ => $"answered {status}: {Words(error, response.ReasonPhrase ?? "no message")}",
    };

    static string Broken(Exception? broken, int bytes) =>
        broken is null ? "" : FormattableString.Invariant($" The answer's body {(broken is OperationCanceledException ? "fell silent" : "broke off")} after {bytes} bytes.");

    static bool Mentions(ServerError error, string word) => error.Message?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false;

    static string Words(ServerError? error, string otherwise) =>
        string.IsNullOrWhiteSpace(error?.Message) ? (otherwise.Length == 0 ? "" : otherwise + ".") : Failures.Words(error);

    static string Location(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? $" to {(location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Path) : location.OriginalString.Split('?')[0])}" : "";

    static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode < HttpStatusCode.BadRequest || response.Headers.RetryAfter is not { } header) return null;
        if (header.Delta is { } delta) return delta;
        return header.Date is { } date ? date > now ? date - now : TimeSpan.Zero : null;
    }
}
