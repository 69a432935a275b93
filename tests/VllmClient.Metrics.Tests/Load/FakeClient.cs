using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Tests.Load;

/// <summary>A client whose calls take 50 ms to the first of two chunks and 10 ms more to the second.</summary>
sealed class FakeClient(TestClock clock, Action<ChatRequest, VllmRequestOptions?> asked) : IVllmClient, IVllmServer
{
    public IVllmServer Server => this;

    public IVllmResponses Responses => throw Unused();

    public Uri BaseUrl { get; } = new("http://fake:8000");

    public async IAsyncEnumerable<ChatUpdate> ChatStreamAsync(ChatRequest request, VllmRequestOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        asked(request, options);
        var call = new FakeCall(clock);
        call.Sent();
        await clock.Delay(50, cancellationToken);
        call.Content();
        yield return new();
        await clock.Delay(10, cancellationToken);
        call.Content();
        yield return new();
        call.End(usage: FakeCall.Tokens(3, 2));
    }

    public Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<bool> IsHealthyAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(new ModelInfo { Id = "ready-model" });

    public Task<string> GetVersionAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult("0.32.0");

    public Task<string> GetMetricsTextAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<RerankResult> RerankAsync(RerankRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<ScoreResult> ScoreAsync(ScoreRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<ClassifyResult> ClassifyAsync(ClassifyRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<PoolingResult> PoolAsync(PoolingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<TranscriptionResult> TranscribeAsync(TranscriptionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public IAsyncEnumerable<JsonElement> SendStreamAsync(string path, JsonNode body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public IVllmClient WithOptions(Action<VllmClientOptions> change) => throw Unused();

    public Task<int?> GetLoadAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task LoadLoraAsync(string name, string path, bool? loadInPlace = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task UnloadLoraAsync(string name, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task SleepAsync(int level = 1, SleepMode? mode = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task WakeUpAsync(IEnumerable<string>? tags = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<bool> IsSleepingAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<bool?> ResetPrefixCacheAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<JsonElement> GetServerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    public Task<JsonElement> GetTokenizerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw Unused();

    static NotSupportedException Unused() => new("No load calls this.");
}
