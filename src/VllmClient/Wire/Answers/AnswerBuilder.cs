using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Puts the events of one answer together: for a whole answer, and for what had arrived when a stream broke off.</summary>
sealed class AnswerBuilder : IDisposable
{
    readonly SortedDictionary<int, Choice> _choices = [];
    StreamHead _head = StreamHead.None;
    ServerTiming? _timing;
    string? _fingerprint;
    IReadOnlyList<int>? _promptTokenIds;
    IReadOnlyList<IReadOnlyList<PromptLogprob>?>? _promptLogprobs;
    string? _promptText;
    JsonElement? _kvTransferParams;
    Dictionary<string, JsonElement>? _additional;
    Choice? _last;
    Usage? _usage;
    bool _hasOutput;

    /// <summary>The last usage that was told, as far as it is one.</summary>
    internal Usage? Usage => Usage.Known(_usage, _hasOutput);

    /// <summary>How the call goes, as its updates tell; null before the first.</summary>
    internal CallInfo? Info => _head.Info;

    /// <summary>Whether anything of the answer has arrived.</summary>
    internal bool HasContent => _choices.Count > 0;

    /// <summary>Whether a choice that calls no tool has text in the form in which models write tool calls.</summary>
    internal bool HasToolCallInText => _choices.Values.Any(choice => choice.HasToolCallInText);

    /// <param name="part">What comes next.</param>
    /// <param name="isWhole">Whether that is a whole answer, whose choices count even if nothing is said of them.</param>
    internal void Add(AnswerEvent part, bool isWhole = false)
    {
        _head = part.Head;
        // Mostly there is none of these, and writing back what is there already would cost every event.
        if (part.Usage is not null) _usage = part.Usage;
        if (part.Timing is not null) _timing = part.Timing;
        if (part.Fingerprint is not null) _fingerprint = part.Fingerprint;
        if (part.PromptTokenIds is not null) _promptTokenIds = part.PromptTokenIds;
        if (part.PromptLogprobs is not null) _promptLogprobs = part.PromptLogprobs;
        if (part.PromptText is not null) _promptText = part.PromptText;
        if (part.KvTransferParams is not null) _kvTransferParams = part.KvTransferParams;
        if (part.Additional is not null) _additional = part.Additional;
        for (var i = 0; i < part.ChoiceCount; i++)
            if (isWhole || !part[i].IsEmpty) Add(part[i]);
    }

    internal ChatResult ToChatResult(CallInfo info) => new()
    {
        Id = _head.Id,
        Model = _head.Model,
        Created = _head.CreatedAt,
        Choices = [.. _choices.Values.Select(choice => choice.ToChat())],
        Usage = Usage,
        ServerTiming = _timing,
        SystemFingerprint = _fingerprint,
        PromptTokenIds = _promptTokenIds,
        PromptLogprobs = _promptLogprobs,
        PromptText = _promptText,
        KvTransferParams = _kvTransferParams,
        AdditionalProperties = _additional!,
        Info = info,
    };

    internal CompletionResult ToCompletionResult(CallInfo info) => new()
    {
        Id = _head.Id,
        Model = _head.Model,
        Created = _head.CreatedAt,
        Choices = [.. _choices.Values.Select(choice => choice.ToCompletion())],
        Usage = Usage,
        ServerTiming = _timing,
        SystemFingerprint = _fingerprint,
        KvTransferParams = _kvTransferParams,
        AdditionalProperties = _additional!,
        Info = info,
    };

    public void Dispose()
    {
        foreach (var choice in _choices.Values) choice.Dispose();
    }

    void Add(AnswerChoice part)
    {
        if (!_hasOutput) _hasOutput = part.Kinds != ContentKinds.None;
        if (_last?.Index != part.Index)
        {
            if (!_choices.TryGetValue(part.Index, out _last)) _choices.Add(part.Index, _last = new(part.Index));
        }

        _last!.Add(part);
    }

    sealed class Choice(int index) : IDisposable
    {
        readonly TextBuffer _text = new();
        readonly TextBuffer _reasoning = new();
        ToolCallAssembler? _tools;
        List<int>? _tokenIds;
        List<int>? _promptTokenIds;
        FinishReason? _finish;
        StopReason? _stop;
        List<TokenLogprob>? _logprobs;
        IReadOnlyList<IReadOnlyList<PromptLogprob>?>? _promptLogprobs;
        string? _refusal;
        ChatRole? _role;
        bool _hasText;

        internal int Index => index;

        internal bool HasToolCallInText => _tools is null && (_text.Contains("<tool_call>") || _text.Contains("[TOOL_CALLS]"));

        internal void Add(AnswerChoice part)
        {
            _hasText |= part.Text is not null;
            _text.Append(part.Text);
            _reasoning.Append(part.Reasoning);
            _role ??= part.Role;
            if (part.FinishReason is not null) _finish = part.FinishReason;
            if (part.StopReason is not null) _stop = part.StopReason;
            if (part.Logprobs is { } logprobs) (_logprobs ??= []).AddRange(logprobs);
            if (part.Refusal is { } refusal) _refusal += refusal;
            _promptLogprobs ??= part.PromptLogprobs;
            _promptTokenIds ??= part.PromptTokenIds;
            if (part.TokenIds is { } ids) (_tokenIds ??= []).AddRange(ids);
            if (part.ToolCalls is { } calls) calls.ForEach((_tools ??= new()).Add);
        }

        internal ChatChoice ToChat() => new()
        {
            Index = index,
            Message = new ChatMessage
            {
                Role = _role ?? ChatRole.Assistant,
                Content = _text.IsEmpty && (!_hasText || _tools is not null || !_reasoning.IsEmpty) ? null : _text.ToString(),
                Reasoning = _reasoning.IsEmpty ? null : _reasoning.ToString(),
                ToolCalls = _tools?.ToCalls()!,
                Refusal = _refusal,
            },
            FinishReason = _finish,
            StopReason = _stop,
            TokenIds = _tokenIds,
            Logprobs = _logprobs,
        };

        internal CompletionChoice ToCompletion() => new()
        {
            Index = index,
            Text = _text.ToString(),
            FinishReason = _finish,
            StopReason = _stop,
            TokenIds = _tokenIds,
            PromptTokenIds = _promptTokenIds,
            Logprobs = _logprobs,
            PromptLogprobs = _promptLogprobs,
        };

        public void Dispose()
        {
            _text.Dispose();
            _reasoning.Dispose();
            _tools?.Dispose();
        }
    }
}
