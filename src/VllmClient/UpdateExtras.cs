using System.Text.Json;
using Vllm.Wire;

namespace Vllm;

/// <summary>The rare members of an update: present in the first, the last, or only in special streams.</summary>
sealed class UpdateExtras
{
    internal ChatRole? Role { get; set; }

    internal string? Reasoning { get; set; }

    internal IReadOnlyList<ToolCallDelta>? ToolCalls { get; set; }

    internal FinishReason? FinishReason { get; set; }

    internal StopReason? StopReason { get; set; }

    internal Usage? Usage { get; set; }

    internal ServerTiming? ServerTiming { get; set; }

    internal string? SystemFingerprint { get; set; }

    internal IReadOnlyList<int>? TokenIds { get; set; }

    internal IReadOnlyList<int>? PromptTokenIds { get; set; }

    internal JsonElement? Logprobs { get; set; }

    internal static bool IsNeeded(AnswerChoice choice) =>
        choice.FinishReason is not null || choice.Reasoning is not null || choice.Role is not null || choice.ToolCalls is not null
        || choice.TokenIds is not null || choice.Logprobs is not null || choice.StopReason is not null || choice.PromptTokenIds is not null;

    internal void Take(AnswerChoice choice)
    {
        Role = choice.Role;
        Reasoning = choice.Reasoning;
        ToolCalls = choice.ToolCalls;
        FinishReason = choice.FinishReason;
        StopReason = choice.StopReason;
        TokenIds = choice.TokenIds;
        PromptTokenIds = choice.PromptTokenIds;
        Logprobs = choice.Logprobs;
    }

    internal void Take(AnswerEvent part)
    {
        Usage = part.Usage;
        ServerTiming = part.Timing;
        SystemFingerprint = part.Fingerprint;
        PromptTokenIds ??= part.PromptTokenIds;
    }
}
