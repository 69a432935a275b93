using System.Runtime.CompilerServices;

namespace Vllm.Tests.Load;

/// <summary>A client whose calls take 50 ms to the first of two chunks and 10 ms more to the second.</summary>
sealed class FakeClient(TestClock clock, Action<ChatRequest, VllmRequestOptions?> asked) : IVllmClient, IVllmServer
{
    public IVllmServer Server => this;

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

    public Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    public Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, CancellationToken cancellationToken = default) => Task.FromResult(new ModelInfo { Id = "ready-model" });

    public Task<string> GetVersionAsync(CancellationToken cancellationToken = default) => Task.FromResult("0.32.0");

    public Task<string> GetMetricsTextAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
