namespace Vllm.Load;

/// <summary>Streams one completion per turn.</summary>
sealed class CompletionWork(IVllmClient client, Prompts prompts, Func<CompletionRequest, CompletionRequest>? shape) : LoadWork
{
    internal override IVllmClient Client => client;

    internal override string Endpoint => "/v1/completions";

    internal override PromptReport Prompts => prompts.Describe();

    /// <summary>A load test measures the server, so nothing is retried, and no text is kept.</summary>
    internal static VllmRequestOptions Options(LoadTurn turn) => new() { MaxRetries = 0, RequestId = turn.RequestId, DiscardText = true };

    internal override async Task RunAsync(LoadTurn turn, CancellationToken cancellationToken)
    {
        var item = prompts.Get(turn);
        var prompt = item.TokenIds is { } ids
            ? CompletionPrompt.FromTokenIds(ids)
            : CompletionPrompt.FromText(item.Text ?? throw new InvalidOperationException("A completion needs a prompt with text or token ids."));
        var request = new CompletionRequest { Prompt = prompt, MaxTokens = item.MaxTokens, IncludeUsage = true };
        if (shape is not null) request = shape(request);
        await foreach (var _ in client.CompleteStreamAsync(request, Options(turn), cancellationToken).ConfigureAwait(false))
        {
            // The observer has seen the update already.
        }
    }
}
