using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Makes updates of Microsoft.Extensions.AI of those of one stream. What must come once and complete (calls, refusal, usage) waits for its end.</summary>
sealed class UpdateMapping
{
    ChatAccumulator? _late;
    ChatUpdate? _usageUpdate;
    Usage? _usage;
    bool _hasOutput;
    CallInfo? _info;
    DateTimeOffset? _created;
    string? _id;
    string? _model;
    bool _begun;
    bool _propertiesSent;

    /// <summary>The update to pass on; null if it waits for the end.</summary>
    internal AI.ChatResponseUpdate? Map(ChatUpdate update)
    {
        if (!_begun) Begin(update);
        _hasOutput |= update.IsContent;
        if (update.ReportedUsage is { } usage)
        {
            (_usageUpdate, _usage) = (update, usage);
            if (IsUsageAlone(update)) return null;
        }

        // The interface has room for one choice, and only one was asked for.
        if (update.Index != 0) return null;
        if (update.ToolCalls.Count > 0 || update.Refusal is not null) (_late ??= new()).Add(update);
        var mapped = New(update);
        // The list of an update is made when it is read, so one without content must not be asked for it.
        if (update.Reasoning is { Length: > 0 } reasoning) mapped.Contents = new OneContent(new AI.TextReasoningContent(reasoning));
        if (update.Text is { Length: > 0 } text) SetText(mapped, text, update.Reasoning is { Length: > 0 });
        if (update.FinishReason is not { } reason) return mapped;
        mapped.FinishReason = ResponseMapping.Finish(reason);
        Properties(mapped, update.StopReason);
        AddLate(mapped);
        return mapped;
    }

    /// <summary>What the end of the stream brings; null if nothing is left to say.</summary>
    internal AI.ChatResponseUpdate? Last()
    {
        if (_late is null && _usageUpdate is null && _propertiesSent) return null;
        var mapped = New(_usageUpdate);
        if (!_propertiesSent) Properties(mapped, null);
        AddLate(mapped);
        if (Usage.Known(_usage, _hasOutput) is { } usage) mapped.Contents.Add(new AI.UsageContent(ResponseMapping.Usage(usage)));
        return mapped;
    }

    void Begin(ChatUpdate update)
    {
        _begun = true;
        _info = update.Info;
        _id = ResponseMapping.Id(update.ResponseId, _info);
        _model = ResponseMapping.NullIfEmpty(update.Model);
        _created = update.Created;
    }

    AI.ChatResponseUpdate New(ChatUpdate? raw) => new()
    {
        Role = AI.ChatRole.Assistant,
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
        CreatedAt = _created,
        RawRepresentation = raw,
    };

    void Properties(AI.ChatResponseUpdate mapped, StopReason? stop)
    {
        _propertiesSent = true;
        mapped.AdditionalProperties = ResponseMapping.Properties(stop, _info);
    }

    void AddLate(AI.ChatResponseUpdate mapped)
    {
        if (_late?.ToResult().Message is not { } message) return;
        if (ResponseMapping.NullIfEmpty(message.Refusal) is { } refusal) mapped.Contents.Add(ResponseMapping.Refusal(refusal));
        foreach (var call in message.ToolCalls) mapped.Contents.Add(ToolMapping.Call(call));
        _late = null;
    }

    static void SetText(AI.ChatResponseUpdate mapped, string text, bool isSecond)
    {
        var content = new AI.TextContent(text);
        if (isSecond) mapped.Contents.Add(content);
        else mapped.Contents = new OneContent(content);
    }

    static bool IsUsageAlone(ChatUpdate update) =>
        update is { IsContent: false, FinishReason: null, Role: null, Text: null or "", Reasoning: null or "", Refusal: null };
}
