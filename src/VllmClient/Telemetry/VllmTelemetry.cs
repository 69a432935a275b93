namespace Vllm;

/// <summary>The names that the client's metrics and spans carry. They follow the OpenTelemetry GenAI conventions, version 1.41.1; see <c>docs/metrics.md</c>.</summary>
public static class VllmTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "VllmClient";

    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "VllmClient";

    internal const string SchemaUrl = "https://opentelemetry.io/schemas/1.41.0";

    /// <summary>Names of the instruments.</summary>
    public static class Instruments
    {
        /// <summary>Histogram, s: whole call, with gate and retries.</summary>
        public const string OperationDuration = "gen_ai.client.operation.duration";

        /// <summary>Histogram, s: call start to first content of a stream.</summary>
        public const string TimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";

        /// <summary>Histogram, s: gap between content events of a stream.</summary>
        public const string TimePerOutputChunk = "gen_ai.client.operation.time_per_output_chunk";

        /// <summary>Histogram, {token}: prompt and completion tokens per call.</summary>
        public const string TokenUsage = "gen_ai.client.token.usage";

        /// <summary>Histogram, s: hand-over of the last attempt to first content.</summary>
        public const string TimeToFirstToken = "vllm.client.time_to_first_token";

        /// <summary>Histogram, s: the same start to first text or tool call.</summary>
        public const string TimeToFirstVisibleToken = "vllm.client.time_to_first_visible_token";

        /// <summary>Histogram, s: mean time per output token after the first content event.</summary>
        public const string TimePerOutputToken = "vllm.client.time_per_output_token";

        /// <summary>Histogram, s: longest pause after the first content event.</summary>
        public const string LongestStall = "vllm.client.stream.longest_stall";

        /// <summary>Counter, {chunk}: content events.</summary>
        public const string StreamChunks = "vllm.client.stream.chunks";

        /// <summary>Counter, {token}: prompt tokens read from the prefix cache.</summary>
        public const string CacheReadInputTokens = "vllm.client.usage.cache_read.input_tokens";

        /// <summary>Counter, {token}: reasoning tokens.</summary>
        public const string ReasoningOutputTokens = "vllm.client.usage.reasoning.output_tokens";

        /// <summary>Counter, {operation}: calls with output but without usage.</summary>
        public const string UsageMissing = "vllm.client.usage.missing";

        /// <summary>Observable up-down counter, {request}: calls now in the client, by phase.</summary>
        public const string ActiveRequests = "vllm.client.active_requests";

        /// <summary>Histogram, s: wait at the gate of <see cref="VllmClientOptions.MaxConcurrentRequests"/>.</summary>
        public const string TimeInQueue = "vllm.client.request.time_in_queue";

        /// <summary>Counter, {retry}: further attempts, by the failure before.</summary>
        public const string Retries = "vllm.client.retries";
    }

    /// <summary>Names of the attributes.</summary>
    public static class Attributes
    {
        /// <summary>The operation: <c>chat</c>, <c>text_completion</c>.</summary>
        public const string OperationName = "gen_ai.operation.name";

        /// <summary>The provider, <c>vllm</c> by default.</summary>
        public const string ProviderName = "gen_ai.provider.name";

        /// <summary>The model asked for.</summary>
        public const string RequestModel = "gen_ai.request.model";

        /// <summary>The model that answered.</summary>
        public const string ResponseModel = "gen_ai.response.model";

        /// <summary>Host of the base URL.</summary>
        public const string ServerAddress = "server.address";

        /// <summary>Port of the base URL.</summary>
        public const string ServerPort = "server.port";

        /// <summary>What went wrong; absent on success.</summary>
        public const string ErrorType = "error.type";

        /// <summary><c>input</c> or <c>output</c>.</summary>
        public const string TokenType = "gen_ai.token.type";

        /// <summary><c>queued</c>, <c>waiting</c>, <c>receiving</c> or <c>backoff</c>.</summary>
        public const string RequestPhase = "vllm.client.request.phase";

        /// <summary>The request id of the last attempt; spans only.</summary>
        public const string RequestId = "vllm.client.request_id";

        /// <summary>Attempts made; spans only.</summary>
        public const string Attempts = "vllm.client.attempts";
    }

    /// <summary>Values of <c>error.type</c> besides HTTP statuses and the names of <see cref="HttpRequestError"/> in snake case.</summary>
    public static class ErrorTypes
    {
        /// <summary>A status of success, but no readable answer of the right kind.</summary>
        public const string InvalidResponse = "invalid_response";

        /// <summary>The connection could not be made, or broke for an unknown reason.</summary>
        public const string ConnectionError = "connection_error";

        /// <summary>The connection ended before the answer was whole.</summary>
        public const string ResponseEnded = "response_ended";

        /// <summary><see cref="VllmTimeoutKind.Connect"/>.</summary>
        public const string ConnectTimeout = "connect_timeout";

        /// <summary><see cref="VllmTimeoutKind.ResponseHeaders"/>.</summary>
        public const string ResponseHeadersTimeout = "response_headers_timeout";

        /// <summary><see cref="VllmTimeoutKind.FirstToken"/>.</summary>
        public const string FirstTokenTimeout = "first_token_timeout";

        /// <summary><see cref="VllmTimeoutKind.StreamIdle"/>.</summary>
        public const string StreamIdleTimeout = "stream_idle_timeout";

        /// <summary><see cref="VllmTimeoutKind.Total"/>.</summary>
        public const string TotalTimeout = "total_timeout";

        /// <summary>The server reported an error in the stream.</summary>
        public const string StreamError = "stream_error";

        /// <summary>The server reported in the stream that it is busy.</summary>
        public const string StreamOverloaded = "stream_overloaded";

        /// <summary>An event of the stream could not be read.</summary>
        public const string StreamMalformed = "stream_malformed";

        /// <summary>The stream ended without its terminal marker, or with it before every choice had said its finish reason.</summary>
        public const string StreamTruncated = "stream_truncated";

        /// <summary>The server stopped and gave up the answer.</summary>
        public const string Aborted = "aborted";

        /// <summary>The caller's token fired.</summary>
        public const string Cancelled = "cancelled";

        /// <summary>The caller disposed the stream early.</summary>
        public const string Abandoned = "abandoned";

        /// <summary>Anything else.</summary>
        public const string Other = "_OTHER";
    }
}
