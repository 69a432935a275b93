using System.Text.Json;

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

    /// <summary>Whether the usage is nothing but zeros although output has come, so that the counts are not known.</summary>
    internal bool IsUsageUnknown { get; set; }

    internal ServerTiming? ServerTiming { get; set; }

    internal string? SystemFingerprint { get; set; }

    internal IReadOnlyList<int>? TokenIds { get; set; }

    internal IReadOnlyList<int>? PromptTokenIds { get; set; }

    internal IReadOnlyList<TokenLogprob>? Logprobs { get; set; }

    internal string? Refusal { get; set; }

    internal JsonElement? Raw { get; set; }
}
