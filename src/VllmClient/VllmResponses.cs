using Vllm.Http;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm;

/// <summary>The Responses API behind a client.</summary>
sealed class VllmResponses(Transport transport) : IVllmResponses
{
    const string Path = "v1/responses";

    public Task<ResponsesResult> CreateAsync(ResponsesRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        BodyCall.SendAsync(
            transport, Begin(request, options, false, out var settings, out var body), settings, HttpMethod.Post, Path, new RequestBody(body), new ResponsesReading(), cancellationToken);

    public IAsyncEnumerable<ResponsesEvent> StreamAsync(ResponsesRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        new ResponsesStream(transport, Begin(request, options, true, out var settings, out var body), settings, Path, body, cancellationToken);

    public Task<ResponsesResult> GetAsync(string responseId, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        BodyCall.SendAsync(transport, null, Settings(options), HttpMethod.Get, Of(responseId), null, new ResponsesReading(), cancellationToken);

    public Task<ResponsesResult> CancelAsync(string responseId, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        BodyCall.SendAsync(transport, null, Settings(options), HttpMethod.Post, Of(responseId) + "/cancel", null, new ResponsesReading(), cancellationToken);

    CallStart Begin(ResponsesRequest request, VllmRequestOptions? options, bool isStream, out CallSettings settings, out byte[] body)
    {
        ArgumentNullException.ThrowIfNull(request);
        settings = Settings(options);
        ResponsesCheck.Check(request);
        body = RequestLog.Write(transport.Logger, Texts(request), overridden => ResponsesWriter.Write(request, isStream, transport.Options.DefaultModel, overridden));
        return new CallStart("chat", request.Model ?? transport.Options.DefaultModel, isStream, ForSpan(request), settings.Tags);
    }

    CallSettings Settings(VllmRequestOptions? options)
    {
        ObjectDisposedException.ThrowIf(transport.IsDisposed, typeof(VllmClient));
        RequestOptionsCheck.Check(options, transport.Options);
        return new CallSettings(transport.Options, options);
    }

    static string Of(string responseId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(responseId);
        return $"{Path}/{Uri.EscapeDataString(responseId)}";
    }

    static IEnumerable<string?> Texts(ResponsesRequest request) =>
        [request.Instructions, request.Input.Text, .. request.Input.Items.SelectMany(item => item.Content.Select(part => part.Text).Append(item.Output))];

    // Spans tell of a request what they tell of a chat.
    static ChatRequest ForSpan(ResponsesRequest request) => new()
    {
        Messages = [],
        MaxTokens = request.MaxOutputTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        TopK = request.TopK,
        Seed = request.Seed,
    };
}
