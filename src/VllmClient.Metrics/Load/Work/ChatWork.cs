namespace Vllm.Load;

/// <summary>Streams one chat answer per turn.</summary>
sealed class ChatWork(IVllmClient client, Prompts prompts, Func<ChatRequest, ChatRequest>? shape) : LoadWork
{
    internal override IVllmClient Client => client;

    internal override string Endpoint => "/v1/chat/completions";

    internal override PromptReport Prompts => prompts.Describe();

    internal override async Task RunAsync(LoadTurn turn, CancellationToken cancellationToken)
    {
        var item = prompts.Get(turn);
        var messages = item.Messages ?? [item.Text ?? throw new InvalidOperationException("A chat needs a prompt with text or messages.")];
        var request = new ChatRequest { Messages = messages, MaxTokens = item.MaxTokens, IncludeUsage = true };
        if (shape is not null) request = shape(request);
        var updates = client.ChatStreamAsync(request, CompletionWork.Options(turn), cancellationToken);
        await foreach (var _ in updates.ConfigureAwait(false))
        {
            // The observer has seen the update already.
        }
    }
}
