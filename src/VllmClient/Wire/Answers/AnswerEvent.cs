using System.Text.Json;

namespace Vllm.Wire;

/// <summary>One event of a stream, or one whole answer, as read from its JSON. One object per stream, used again for every event.</summary>
sealed class AnswerEvent
{
    /// <summary>How many choices an answer can have. Their indices are below it.</summary>
    internal const int MaxChoices = 16_384;

    readonly List<AnswerChoice> _choices = [];

    internal StreamHead Head { get; set; } = StreamHead.None;

    internal int ChoiceCount { get; private set; }

    internal Usage? Usage { get; set; }

    /// <summary>Whether the usage is nothing but zeros although output has come, so that the counts are not known.</summary>
    internal bool IsUsageUnknown { get; set; }

    internal ServerError? Error { get; set; }

    internal ServerTiming? Timing { get; set; }

    internal string? Fingerprint { get; set; }

    internal List<int>? PromptTokenIds { get; set; }

    internal List<IReadOnlyList<PromptLogprob>?>? PromptLogprobs { get; set; }

    internal string? PromptText { get; set; }

    internal JsonElement? KvTransferParams { get; set; }

    internal Dictionary<string, JsonElement>? Additional { get; set; }

    /// <summary>The whole event, if it is to be kept.</summary>
    internal JsonElement? Raw { get; set; }

    /// <summary>Whether the JSON had a list of choices, be it empty.</summary>
    internal bool HasChoices { get; set; }

    /// <summary>Whether the event brings something for the whole answer, not for a choice.</summary>
    internal bool IsRare => Usage is not null || Timing is not null || Fingerprint is not null || PromptTokenIds is not null || Raw is not null;

    internal AnswerChoice this[int position] => _choices[position];

    /// <exception cref="JsonException">There are more choices than an answer can have.</exception>
    internal AnswerChoice AddChoice()
    {
        if (ChoiceCount == MaxChoices) throw new JsonException("There are too many choices.");
        if (ChoiceCount == _choices.Count) _choices.Add(new());
        var choice = _choices[ChoiceCount++];
        choice.Clear();
        return choice;
    }

    /// <summary>Refuses indices that no answer can have. An error is told even if what stands beside it makes no sense.</summary>
    /// <exception cref="JsonException">A choice, or a tool call of it, has such an index.</exception>
    internal void CheckIndices()
    {
        for (var i = 0; i < ChoiceCount; i++)
        {
            if (!_choices[i].HasBadIndex) continue;
            if (Error is null) throw new JsonException("The index of a choice or of a tool call is none.");
            ChoiceCount = 0;
        }
    }

    internal void Clear()
    {
        ChoiceCount = 0;
        HasChoices = false;
        Usage = null;
        IsUsageUnknown = false;
        Error = null;
        Timing = null;
        Fingerprint = null;
        PromptTokenIds = null;
        PromptLogprobs = null;
        PromptText = null;
        KvTransferParams = null;
        Additional = null;
        Raw = null;
    }
}

/// <summary>What one event brings for one choice.</summary>
sealed class AnswerChoice
{
    internal int Index { get; set; }

    /// <summary>Whether its index, or that of a tool call, is negative, not whole, or beyond <see cref="AnswerEvent.MaxChoices"/>.</summary>
    internal bool HasBadIndex { get; set; }

    internal string? Text { get; set; }

    /// <summary>Whether there was a text, be it empty or discarded.</summary>
    internal bool HasText { get; set; }

    internal string? Reasoning { get; set; }

    internal string? OldReasoning { get; set; }

    internal int TextLength { get; set; }

    internal int ReasoningLength { get; set; }

    internal int OldReasoningLength { get; set; }

    internal int ToolLength { get; set; }

    internal ChatRole? Role { get; set; }

    internal List<ToolCallDelta>? ToolCalls { get; set; }

    internal FinishReason? FinishReason { get; set; }

    internal StopReason? StopReason { get; set; }

    internal List<int>? TokenIds { get; set; }

    internal List<int>? PromptTokenIds { get; set; }

    internal List<TokenLogprob>? Logprobs { get; set; }

    internal List<IReadOnlyList<PromptLogprob>?>? PromptLogprobs { get; set; }

    internal string? Refusal { get; set; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments.</summary>
    internal int TextBytes => TextLength + ReasoningLength + ToolLength;

    /// <summary>What the event brings; none means that it is no content event.</summary>
    internal ContentKinds Kinds =>
        (TextLength > 0 ? ContentKinds.Text : 0)
        | (ReasoningLength > 0 ? ContentKinds.Reasoning : 0)
        | (ToolCalls is not null ? ContentKinds.ToolCall : 0)
        | (TokenIds is { Count: > 0 } ? ContentKinds.TokenIds : 0)
        | (Logprobs is not null ? ContentKinds.Logprobs : 0);

    /// <summary>Whether the event says nothing of the choice, as the usage event of some gateways does: that is no beginning of a choice.</summary>
    internal bool IsEmpty => !HasText && FinishReason is null && Role is null && Refusal is null && Kinds == ContentKinds.None;

    /// <summary>Decides between the two names of reasoning: the newer one wins, and an equal pair counts once.</summary>
    internal void SettleReasoning()
    {
        if (ReasoningLength > 0) return;
        if (OldReasoningLength > 0 || Reasoning is null) (Reasoning, ReasoningLength) = (OldReasoning, OldReasoningLength);
    }

    internal void Clear()
    {
        Index = 0;
        HasBadIndex = false;
        Text = null;
        HasText = false;
        Reasoning = null;
        OldReasoning = null;
        TextLength = 0;
        ReasoningLength = 0;
        OldReasoningLength = 0;
        ToolLength = 0;
        Role = null;
        ToolCalls = null;
        FinishReason = null;
        StopReason = null;
        TokenIds = null;
        PromptTokenIds = null;
        Logprobs = null;
        PromptLogprobs = null;
        Refusal = null;
    }
}
