using System.Diagnostics;
using static Vllm.VllmTelemetry;

namespace Vllm.Telemetry;

/// <summary>Ready tag lists for calls of one operation, with one pair of models and one set of user tags. Made once, passed by reference.</summary>
sealed class CallTags
{
    /// <summary>Operation of calls to any path, whose bodies the client does not know.</summary>
    internal const string CustomOperation = "custom";

    // TagList keeps eight tags without an array; a ninth would allocate with every record.
    const int MaxTags = 8;

    readonly TagList _call;
    readonly TagList _answer;
    readonly TagList _input;
    readonly TagList _output;
    readonly TagList _base;
    readonly TagList _baseAnswer;

    internal CallTags(ActiveKey key, string? responseModel, UserTags user, ActiveCell active)
    {
        Key = key;
        ResponseModel = responseModel;
        User = user;
        Active = active;
        SpanName = key.Model is null ? key.Operation : $"{key.Operation} {key.Model}";
        _base = Base(key);
        SpanTags = [.. _base];
        _baseAnswer = _base;
        if (responseModel is not null) _baseAnswer.Add(Attributes.ResponseModel, responseModel);
        _call = With(_base, null, null);
        _answer = With(_baseAnswer, null, null);
        _input = With(Seventh(), Attributes.TokenType, "input");
        _output = With(Seventh(), Attributes.TokenType, "output");
    }

    internal ActiveKey Key { get; }

    internal string? ResponseModel { get; }

    internal UserTags User { get; }

    internal ActiveCell Active { get; }

    internal string SpanName { get; }

    internal KeyValuePair<string, object?>[] SpanTags { get; }

    /// <summary>Of the request: no response model.</summary>
    internal ref readonly TagList Call => ref _call;

    /// <summary>With the response model, if it is known.</summary>
    internal ref readonly TagList Answer => ref _answer;

    internal ref readonly TagList Input => ref _input;

    internal ref readonly TagList Output => ref _output;

    internal bool Generates => GeneratesText(Key.Operation);

    internal static bool GeneratesText(string operation) => operation is "chat" or "text_completion";

    internal TagList CallError(string errorType) => With(_base, Attributes.ErrorType, errorType);

    internal TagList AnswerError(string errorType) => With(Seventh(), Attributes.ErrorType, errorType);

    internal static TagList Base(ActiveKey key)
    {
        var tags = new TagList { { Attributes.OperationName, key.Operation }, { Attributes.ProviderName, key.Provider } };
        if (key.Model is not null) tags.Add(Attributes.RequestModel, key.Model);
        tags.Add(Attributes.ServerAddress, key.Address);
        if (key.Port > 0) tags.Add(Attributes.ServerPort, key.Port);
        return tags;
    }

    TagList Seventh() => _baseAnswer.Count + 1 + User.Count > MaxTags ? _base : _baseAnswer;

    TagList With(TagList tags, string? key, string? value)
    {
        if (key is not null) tags.Add(key, value);
        User.AddTo(ref tags);
        return tags;
    }
}
