using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vllm.Http;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm;

/// <summary>A client of one vLLM server that measures every call.</summary>
/// <remarks>Make one and keep it: it holds the connections. Instances may be shared between threads.</remarks>
public sealed class VllmClient : IVllmClient, IClientFacts, IDisposable
{
    const string ChatOperation = "chat";
    const string CompletionOperation = "text_completion";
    const string ChatPath = "v1/chat/completions";
    const string CompletionsPath = "v1/completions";

    readonly Transport _transport;
    readonly VllmEndpoints _endpoints;

    /// <summary>Creates a client of the server at a URL.</summary>
    /// <param name="baseUrl">Where vLLM answers, for instance <c>http://localhost:8000</c>.</param>
    /// <exception cref="ArgumentException">The URL cannot be a server's; the message says why.</exception>
    public VllmClient(Uri baseUrl) : this(new VllmClientOptions { BaseUrl = baseUrl }) { }

    /// <summary>Creates a client from options, which are copied.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">One or several options are wrong; the message lists all of them.</exception>
    public VllmClient(VllmClientOptions options) : this(options, null, null) { }

    /// <summary>Creates a client over an HTTP client of the caller's, which is not disposed.</summary>
    /// <param name="http">The HTTP client. Its base address serves if <see cref="VllmClientOptions.BaseUrl"/> is null; its timeout should be infinite. What dies on its kept connections is not sent again, since nobody can tell whether an answer had begun.</param>
    /// <param name="options">The settings, which are copied. Those of connections do not apply: the handler is the caller's.</param>
    /// <param name="services">Clock, logs, meters; null takes the defaults.</param>
    /// <exception cref="ArgumentException">One or several options are wrong; the message lists all of them.</exception>
    public VllmClient(HttpClient http, VllmClientOptions options, VllmClientServices? services = null)
        : this(options, Given(http), services) { }

    VllmClient(VllmClientOptions options, HttpClient? http, VllmClientServices? services)
    {
        ArgumentNullException.ThrowIfNull(options);
        VllmClientOptionsValidator.ThrowIfInvalid(options);
        options = options.Copy();
        var clock = services?.TimeProvider ?? TimeProvider.System;
        var logger = services?.LoggerFactory?.CreateLogger("VllmClient") ?? NullLogger.Instance;
        var root = BaseUrl.Root(options.BaseUrl ?? http?.BaseAddress ?? BaseUrl.Default);
        var telemetry = new ClientTelemetry(VllmInstruments.For(services?.MeterFactory), options.Telemetry, root, clock, logger, services?.ForeignInstruments);
        if (options.BaseUrl is null && http?.BaseAddress is null) Log.DefaultBaseUrl(logger, root);
        var owned = http is null;
        http ??= new HttpClient(HttpHandlers.Create(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new Transport(http, owned, options, root, telemetry);
        _endpoints = new VllmEndpoints(_transport);
        Server = new VllmServer(_transport);
        Responses = new VllmResponses(_transport);
    }

    VllmClient(Transport transport)
    {
        _transport = transport;
        _endpoints = new VllmEndpoints(_transport);
        Server = new VllmServer(_transport);
        Responses = new VllmResponses(_transport);
    }

    /// <inheritdoc/>
    public IVllmServer Server { get; }

    /// <inheritdoc/>
    public IVllmResponses Responses { get; }

    Uri IClientFacts.BaseUrl => _transport.Root;

    string? IClientFacts.DefaultModel => _transport.Options.DefaultModel;

    string IClientFacts.ProviderName => _transport.Options.Telemetry.ProviderName;

    /// <inheritdoc/>
    public Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        WholeAsync(ChatAnswers.Instance, Begin(ChatOperation, request, options, false, out var settings, out var body), settings, ChatPath, body, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatUpdate> ChatStreamAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        new AnswerStream<ChatResult, ChatUpdate>(
            _transport, ChatAnswers.Instance, Begin(ChatOperation, request, options, true, out var settings, out var body),
            settings, ChatPath, body, cancellationToken);

    /// <inheritdoc/>
    public Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        WholeAsync(CompletionAnswers.Instance, Begin(CompletionOperation, request, options, false, out var settings, out var body), settings, CompletionsPath, body, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        new AnswerStream<CompletionResult, CompletionUpdate>(
            _transport, CompletionAnswers.Instance, Begin(CompletionOperation, request, options, true, out var settings, out var body),
            settings, CompletionsPath, body, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        RequestOptionsCheck.Check(options, _transport.Options);
        return await PlainCall.ReadAsync(
            _transport, new CallSettings(_transport.Options, options), HttpMethod.Get, "v1/models", null, ServerReader.Models, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.EmbedAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<RerankResult> RerankAsync(RerankRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.RerankAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<ScoreResult> ScoreAsync(ScoreRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.ScoreAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<ClassifyResult> ClassifyAsync(ClassifyRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.ClassifyAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<PoolingResult> PoolAsync(PoolingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.PoolAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TranscriptionResult> TranscribeAsync(TranscriptionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.TranscribeAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.TokenizeAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.DetokenizeAsync(request, options, cancellationToken);

    /// <inheritdoc/>
    public Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.SendAsync(method, path, body, options, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<JsonElement> SendStreamAsync(string path, JsonNode body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoints.SendStreamAsync(path, body, options, cancellationToken);

    /// <inheritdoc/>
    public IVllmClient WithOptions(Action<VllmClientOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ObjectDisposedException.ThrowIf(_transport.IsDisposed, this);
        var options = _transport.Options.Copy();
        change(options);
        VllmClientOptionsValidator.ThrowIfInvalid(options);
        if (TransportOptions.Changed(_transport.Options, options) is { } name)
            throw new ArgumentException($"{name} belongs to the connections, which this client shares. Make a client of its own for another {name}.", nameof(change));
        return new VllmClient(_transport.With(options.Copy()));
    }

    /// <summary>Ends the client. A connection pool of its own is closed with it, and calls that run end with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _transport.Dispose();

    // What can be wrong with a call is said when the method is called, also for streams; a stream sends when it is enumerated.
    CallStart Begin(string operation, GenerationRequest request, VllmRequestOptions? options, bool isStream, out CallSettings settings, out byte[] body)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_transport.IsDisposed, this);
        RequestCheck.Check(request);
        RequestOptionsCheck.Check(options, _transport.Options);
        settings = new CallSettings(_transport.Options, options);
        body = RequestLog.Write(request, isStream, _transport.Defaults, _transport.Logger);
        if (options?.SkippedContents is { } kinds) Log.ContentSkipped(_transport.Logger, kinds);
        return new CallStart(operation, request.Model ?? _transport.Options.DefaultModel, isStream, request, settings.Tags, settings.IsAdapter);
    }

    Task<TResult> WholeAsync<TResult, TUpdate>(
        AnswerKind<TResult, TUpdate> kind, CallStart start, CallSettings settings, string path, byte[] body, CancellationToken cancellationToken)
        where TResult : GenerationResult where TUpdate : GenerationUpdate =>
        BodyCall.SendAsync(
            _transport, start, settings, HttpMethod.Post, path, new RequestBody(body),
            new AnswerReading<TResult, TUpdate>(_transport.Telemetry, kind, start, settings.DiscardText), cancellationToken);

    static HttpClient Given(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http;
    }
}
