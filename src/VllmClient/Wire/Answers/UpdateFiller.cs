namespace Vllm.Wire;

/// <summary>Makes the updates that callers see out of what an event brings.</summary>
static class UpdateFiller
{
    /// <param name="update">The update to fill.</param>
    /// <param name="part">The event.</param>
    /// <param name="choice">The choice that the update is about; null for an update of the whole answer.</param>
    /// <param name="receivedTimestamp">When the read returned that brought the event.</param>
    /// <param name="eventsInRead">How many events that read has brought so far.</param>
    internal static void Fill(GenerationUpdate update, AnswerEvent part, AnswerChoice? choice, long receivedTimestamp, int eventsInRead)
    {
        var rare = choice is not null && HasRareMembers(choice) ? Rare(choice) : null;
        if (part.IsRare) Add(rare ??= new(), part);
        update.Fill(
            part.Head, choice?.Index ?? 0, choice?.Text, choice?.TextBytes ?? 0,
            choice is not null && choice.Kinds != ContentKinds.None, receivedTimestamp, eventsInRead, rare);
    }

    static bool HasRareMembers(AnswerChoice choice) =>
        choice.FinishReason is not null || choice.Reasoning is not null || choice.Role is not null || choice.ToolCalls is not null
        || choice.TokenIds is not null || choice.Logprobs is not null || choice.Refusal is not null || choice.StopReason is not null || choice.PromptTokenIds is not null;

    static UpdateExtras Rare(AnswerChoice choice) => new()
    {
        Role = choice.Role,
        Reasoning = choice.Reasoning,
        ToolCalls = choice.ToolCalls,
        FinishReason = choice.FinishReason,
        StopReason = choice.StopReason,
        TokenIds = choice.TokenIds,
        PromptTokenIds = choice.PromptTokenIds,
        Logprobs = choice.Logprobs,
        Refusal = choice.Refusal,
    };

    static void Add(UpdateExtras rare, AnswerEvent part)
    {
        rare.Usage = part.Usage;
        rare.IsUsageUnknown = part.IsUsageUnknown;
        rare.ServerTiming = part.Timing;
        rare.SystemFingerprint = part.Fingerprint;
        rare.PromptTokenIds ??= part.PromptTokenIds;
        rare.Raw = part.Raw;
    }
}
