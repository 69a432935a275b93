using System.Globalization;

namespace Vllm.Telemetry;

/// <summary>The one mapping from an exception to <c>error.type</c> and to the outcome of its call.</summary>
static class ErrorTypes
{
    /// <summary>The value of <c>error.type</c>; one of a closed set, never text of the server's.</summary>
    internal static string Of(Exception error) => error switch
    {
        VllmApiException { StatusCode: >= 300 and < 1000 } api => Status(api.StatusCode),
        VllmApiException => VllmTelemetry.ErrorTypes.InvalidResponse,
        VllmConnectionException connection => Connection(connection.HttpRequestError),
        VllmTimeoutException timeout => Timeout(timeout.Kind),
        VllmStreamException stream => Stream(stream),
        OperationCanceledException => VllmTelemetry.ErrorTypes.Cancelled,
        _ => VllmTelemetry.ErrorTypes.Other,
    };

    /// <summary>The outcome of a call that ended with this exception.</summary>
    internal static VllmCallOutcome OutcomeOf(Exception error) => error switch
    {
        VllmTimeoutException => VllmCallOutcome.TimedOut,
        VllmStreamException { Reason: VllmStreamFailure.Truncated } => VllmCallOutcome.Truncated,
        VllmStreamException { Reason: VllmStreamFailure.Aborted } => VllmCallOutcome.Aborted,
        OperationCanceledException => VllmCallOutcome.Cancelled,
        _ => VllmCallOutcome.Failed,
    };

    // The usual refusals cost no string.
    static string Status(int status) => status switch
    {
        400 => "400",
        401 => "401",
        403 => "403",
        404 => "404",
        422 => "422",
        429 => "429",
        500 => "500",
        502 => "502",
        503 => "503",
        504 => "504",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };

    static string Connection(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_resolution_error",
        HttpRequestError.ConnectionError => VllmTelemetry.ErrorTypes.ConnectionError,
        HttpRequestError.SecureConnectionError => "secure_connection_error",
        HttpRequestError.HttpProtocolError => "http_protocol_error",
        HttpRequestError.ExtendedConnectNotSupported => "extended_connect_not_supported",
        HttpRequestError.VersionNegotiationError => "version_negotiation_error",
        HttpRequestError.UserAuthenticationError => "user_authentication_error",
        HttpRequestError.ProxyTunnelError => "proxy_tunnel_error",
        HttpRequestError.InvalidResponse => VllmTelemetry.ErrorTypes.InvalidResponse,
        HttpRequestError.ResponseEnded => VllmTelemetry.ErrorTypes.ResponseEnded,
        HttpRequestError.ConfigurationLimitExceeded => "configuration_limit_exceeded",
        _ => VllmTelemetry.ErrorTypes.ConnectionError,
    };

    static string Timeout(VllmTimeoutKind kind) => kind switch
    {
        VllmTimeoutKind.Connect => VllmTelemetry.ErrorTypes.ConnectTimeout,
        VllmTimeoutKind.ResponseHeaders => VllmTelemetry.ErrorTypes.ResponseHeadersTimeout,
        VllmTimeoutKind.FirstToken => VllmTelemetry.ErrorTypes.FirstTokenTimeout,
        VllmTimeoutKind.StreamIdle => VllmTelemetry.ErrorTypes.StreamIdleTimeout,
        _ => VllmTelemetry.ErrorTypes.TotalTimeout,
    };

    static string Stream(VllmStreamException error) => error.Reason switch
    {
        VllmStreamFailure.ServerError => error.IsOverloaded ? VllmTelemetry.ErrorTypes.StreamOverloaded : VllmTelemetry.ErrorTypes.StreamError,
        VllmStreamFailure.Malformed => VllmTelemetry.ErrorTypes.StreamMalformed,
        VllmStreamFailure.Truncated => VllmTelemetry.ErrorTypes.StreamTruncated,
        _ => VllmTelemetry.ErrorTypes.Aborted,
    };
}
