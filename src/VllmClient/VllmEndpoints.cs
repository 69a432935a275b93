using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vllm.Http;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm;

/// <summary>The calls of a client that generate no chat or completion: checks, writes, sends.</summary>
sealed class VllmEndpoints(Transport transport)
{
    internal Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, request.Input?.Texts, overridden => PoolingWriter.Embed(request, transport.Defaults, overridden));
        var reader = new EmbeddingReader(VectorFormat.Of(request).Bytes(request.ExtraBody));
        return SendAsync("embeddings", request.Model, settings, "v1/embeddings", new(body), reader, cancellationToken);
    }

    internal Task<RerankResult> RerankAsync(RerankRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, request.Documents?.Append(request.Query), overridden => PoolingWriter.Rerank(request, transport.Defaults, overridden));
        return SendAsync("rerank", request.Model, settings, "rerank", new(body), new RerankReader(), cancellationToken);
    }

    internal Task<ScoreResult> ScoreAsync(ScoreRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, request.Documents?.Concat(request.Queries ?? []), overridden => PoolingWriter.Score(request, transport.Defaults, overridden));
        return SendAsync("score", request.Model, settings, "score", new(body), new ScoreReader(), cancellationToken);
    }

    internal Task<ClassifyResult> ClassifyAsync(ClassifyRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, request.Input?.Texts, overridden => PoolingWriter.Classify(request, transport.Defaults, overridden));
        return SendAsync("classify", request.Model, settings, "classify", new(body), new ClassifyReader(), cancellationToken);
    }

    internal Task<PoolingResult> PoolAsync(PoolingRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, request.Input?.Texts, overridden => PoolingWriter.Pool(request, transport.Defaults, overridden));
        var format = VectorFormat.Of(request);
        var reader = new PoolingReader(format.Bytes(request.ExtraBody), format.IsBase64(request.ExtraBody));
        return SendAsync("pooling", request.Model, settings, "pooling", new(body), reader, cancellationToken);
    }

    internal Task<TranscriptionResult> TranscribeAsync(TranscriptionRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var body = RequestLog.Write(transport.Logger, [request.Prompt], overridden => TranscriptionForm.Write(request, boundary, transport.Defaults, overridden));
        var path = request.Translate ? "v1/audio/translations" : "v1/audio/transcriptions";
        var form = new RequestBody(body, MediaTypeHeaderValue.Parse(TranscriptionForm.ContentType(boundary)));
        return SendAsync("transcription", request.Model, settings, path, form, new TranscriptionReader(), cancellationToken);
    }

    internal Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var texts = request.Messages?.Select(message => message.Content).Append(request.Prompt) ?? [request.Prompt];
        var body = RequestLog.Write(transport.Logger, texts, overridden => TokenWriter.Tokenize(request, transport.Defaults, overridden));
        return SendAsync("tokenize", request.Model, settings, "tokenize", new(body), new TokenizeReader(), cancellationToken);
    }

    internal Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(request, options);
        EndpointCheck.Check(request);
        var body = RequestLog.Write(transport.Logger, null, overridden => TokenWriter.Detokenize(request, transport.Defaults, overridden));
        return SendAsync("detokenize", request.Model, settings, "detokenize", new(body), new DetokenizeReader(), cancellationToken);
    }

    internal Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(method, options);
        var below = RawPath.Of(path);
        if (body is JsonObject members && IsTrue(members["stream"]))
            throw new ArgumentException("The body asks for a stream, which SendStreamAsync reads. Leave 'stream' out, or call that method.", nameof(body));
        if (method != HttpMethod.Get && RawPath.IsAdministration(below)) settings.MaxRetries = 0;
        RequestBody? bytes = body is null ? null : new(RequestWriter.Write(body));
        return BodyCall.SendAsync(transport, Custom(body, settings, isStream: false), settings, method, below, bytes, new RawReading(), cancellationToken);
    }

    internal IAsyncEnumerable<JsonElement> SendStreamAsync(string path, JsonNode body, VllmRequestOptions? options, CancellationToken cancellationToken)
    {
        var settings = Begin(body, options);
        var below = RawPath.Of(path);
        return new RawStream(transport, Custom(body, settings, isStream: true), settings, below, RequestWriter.Write(Streamed(body)), cancellationToken);
    }

    // The body is the caller's, so that what it lacks is added to a copy.
    static JsonNode Streamed(JsonNode body)
    {
        if (body is not JsonObject members || IsTrue(members["stream"])) return body;
        if (members.ContainsKey("stream")) throw new ArgumentException("The body asks for no stream. Leave 'stream' out, or call SendAsync.", nameof(body));
        var copy = members.DeepClone().AsObject();
        copy["stream"] = true;
        return copy;
    }

    static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;

    static CallStart Custom(JsonNode? body, CallSettings settings, bool isStream)
    {
        var model = body is JsonObject members && members["model"] is JsonValue named && named.GetValueKind() == JsonValueKind.String ? named.GetValue<string>() : null;
        return new CallStart(CallTags.CustomOperation, model, isStream, null, settings.Tags);
    }

    Task<TResult> SendAsync<TResult>(
        string operation, string? model, CallSettings settings, string path, RequestBody body, EndpointReader<TResult> reader, CancellationToken cancellationToken) =>
        BodyCall.SendAsync(
            transport, new CallStart(operation, model ?? transport.Options.DefaultModel, false, null, settings.Tags, settings.IsAdapter),
            settings, HttpMethod.Post, path, body, new EndpointReading<TResult>(reader), cancellationToken);

    CallSettings Begin(object given, VllmRequestOptions? options)
    {
        ArgumentNullException.ThrowIfNull(given);
        ObjectDisposedException.ThrowIf(transport.IsDisposed, typeof(VllmClient));
        RequestOptionsCheck.Check(options, transport.Options);
        return new CallSettings(transport.Options, options);
    }
}
