namespace Vllm.Load;

/// <summary>What each turn of a run does.</summary>
public abstract class LoadWork
{
    private protected LoadWork() { }

    /// <summary>The client whose server is waited for and described; null if there is none.</summary>
    internal virtual IVllmClient? Client => null;

    /// <summary>The path that the work calls; null for the caller's own work.</summary>
    internal virtual string? Endpoint => null;

    /// <summary>What the report says of the prompts; null for the caller's own work.</summary>
    internal virtual PromptReport? Prompts => null;

    /// <summary>Each turn streams one chat answer.</summary>
    /// <param name="client">The client that sends.</param>
    /// <param name="prompts">The prompts; those with token ids cannot be sent as a chat.</param>
    /// <param name="shape">Has the last word on each request; null leaves it as it is. Called from several threads at once.</param>
    public static LoadWork Chat(IVllmClient client, Prompts prompts, Func<ChatRequest, ChatRequest>? shape = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(prompts);
        return new ChatWork(client, prompts, shape);
    }

    /// <summary>Each turn streams one completion.</summary>
    /// <param name="client">The client that sends.</param>
    /// <param name="prompts">The prompts; those with messages cannot be sent as a completion.</param>
    /// <param name="shape">Has the last word on each request; null leaves it as it is. Called from several threads at once.</param>
    public static LoadWork Complete(IVllmClient client, Prompts prompts, Func<CompletionRequest, CompletionRequest>? shape = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(prompts);
        return new CompletionWork(client, prompts, shape);
    }

    /// <summary>Each turn runs the caller's code. Calls that it makes with this library's client are measured by themselves; other work reports through the turn.</summary>
    /// <param name="work">The code. It must not block its thread before its first real await.</param>
    /// <param name="server">The client whose server is waited for before the run and described in the report; null if there is none.</param>
    /// <remarks>
    /// Calls are found through the execution context of the turn. Where it ends, as in ASP.NET Core's <c>TestServer</c>, which has a context of its own for
    /// each request, the calls are not seen: create it with <c>PreserveExecutionContext = true</c>. A run that has a client and sees none of its calls says so in
    /// its self-checks (<c>check-calls</c>).
    /// </remarks>
    public static LoadWork From(Func<LoadTurn, CancellationToken, Task> work, IVllmClient? server = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new DelegateWork(work, server);
    }

    internal abstract Task RunAsync(LoadTurn turn, CancellationToken cancellationToken);

    sealed class DelegateWork(Func<LoadTurn, CancellationToken, Task> work, IVllmClient? server) : LoadWork
    {
        internal override IVllmClient? Client => server;

        internal override Task RunAsync(LoadTurn turn, CancellationToken cancellationToken) => work(turn, cancellationToken);
    }
}
