namespace Vllm;

/// <summary>One update of a chat stream.</summary>
public sealed class ChatUpdate : GenerationUpdate
{
    /// <summary>The next piece of reasoning; null if this update brings none.</summary>
    public string? Reasoning { get => Rare?.Reasoning; init => RareMembers.Reasoning = value; }

    /// <summary>The next piece of the model's refusal to answer; null if this update brings none. vLLM sends none, gateways to other models do.</summary>
    public string? Refusal { get => Rare?.Refusal; init => RareMembers.Refusal = value; }

    /// <summary>Who speaks; only in the first update of a choice.</summary>
    public ChatRole? Role { get => Rare?.Role; init => RareMembers.Role = value; }

    /// <summary>Pieces of tool calls; empty if this update brings none.</summary>
    public IReadOnlyList<ToolCallDelta> ToolCalls { get => Rare?.ToolCalls ?? []; init => RareMembers.ToolCalls = value; }
}
