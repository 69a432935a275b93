namespace Vllm.Wire;

/// <summary>Turns an update that a caller has seen back into the event that it came from, so that answers are put together in one place.</summary>
static class UpdateReader
{
    internal static void Read(GenerationUpdate update, AnswerEvent target)
    {
        target.Clear();
        // The head is shared, not copied: how the call went is known only when the stream has ended.
        target.Head = update.Head;
        target.Usage = update.ReportedUsage;
        target.Timing = update.ServerTiming;
        target.Fingerprint = update.SystemFingerprint;
        if (update is ChatUpdate) target.PromptTokenIds = AsList(update.PromptTokenIds);
        var choice = target.AddChoice();
        choice.Index = update.Index;
        choice.Text = update.Text;
        choice.HasText = update.Text is not null;
        // Discarded text and reasoning are output too; of which kind does not matter here.
        choice.TextLength = update.IsContent ? Math.Max(1, update.TextBytes) : update.Text?.Length ?? 0;
        choice.FinishReason = update.FinishReason;
        choice.StopReason = update.StopReason;
        choice.TokenIds = AsList(update.TokenIds);
        choice.Logprobs = AsList(update.Logprobs);
        if (update is CompletionUpdate) choice.PromptTokenIds = AsList(update.PromptTokenIds);
        if (update is not ChatUpdate chat) return;
        choice.Role = chat.Role;
        choice.Reasoning = chat.Reasoning;
        choice.Refusal = chat.Refusal;
        choice.ToolCalls = chat.ToolCalls.Count > 0 ? AsList(chat.ToolCalls) : null;
    }

    static List<T>? AsList<T>(IReadOnlyList<T>? items) => items switch
    {
        null => null,
        List<T> list => list,
        _ => [.. items],
    };
}
