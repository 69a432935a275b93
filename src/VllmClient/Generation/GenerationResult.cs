namespace Vllm;

/// <summary>What a whole answer has in common, whichever endpoint gave it: a <see cref="ChatResult"/>, a <see cref="CompletionResult"/> or a <see cref="ResponsesResult"/>.</summary>
public abstract record GenerationResult
{
    private protected GenerationResult() { }

    /// <summary>The server's id of the answer; empty if it gave none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answered; empty if the server did not say.</summary>
    public string Model { get; init; } = "";

    /// <summary>When the server began; null if it did not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The server's token counts; null if it sent none, or nothing but zeros although there is output.</summary>
    public Usage? Usage { get; init; }

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>The text of the answer, that of the first choice if there are several; empty if there is none.</summary>
    public abstract string Text { get; }

    /// <summary>Returns <see cref="Text"/>.</summary>
    public sealed override string ToString() => Text;

    static CallInfo NoInfo { get; } = new();
}
