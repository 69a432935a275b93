using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads one JSON object of an answer in one pass: an event of a stream or a whole answer, of chat or of completions.</summary>
/// <remarks>Fast for the order in which vLLM writes, right for any. Unknown members are skipped in streams and kept in whole answers.</remarks>
sealed class AnswerReader(bool discardText, bool keepUnknown, bool captureRaw = false)
{
    readonly EventTemplate _template = new();
    byte[] _id = [];
    byte[] _model = [];

    /// <summary>Reads an object into the event, which must be the one that this reader filled before.</summary>
    /// <exception cref="JsonException">The bytes are not a JSON object.</exception>
    internal void Read(ReadOnlySpan<byte> json, AnswerEvent target)
    {
        try
        {
            if (!_template.TryRead(json, target, discardText)) ReadAll(json, target);
            if (captureRaw) target.Raw = Json.Whole(json);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A name is no text.", error);
        }
    }

    void ReadAll(ReadOnlySpan<byte> json, AnswerEvent target)
    {
        _template.Begin();
        target.Clear();
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The event is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) Member(ref reader, target);
        if (reader.Read()) throw new JsonException("Something follows the JSON object.");
        target.CheckIndices();
        _template.Learn(json, target);
    }

    void Member(ref Utf8JsonReader reader, AnswerEvent target)
    {
        if (Is(ref reader, "id"u8)) SetId(ref reader, target);
        else if (Is(ref reader, "object"u8) || Is(ref reader, "service_tier"u8)) Json.Skip(ref reader);
        else if (Is(ref reader, "created"u8)) SetCreated(ref reader, target);
        else if (Is(ref reader, "model"u8)) SetModel(ref reader, target);
        else if (Is(ref reader, "choices"u8)) Choices(ref reader, target);
        else LateMember(ref reader, target);
    }

    void LateMember(ref Utf8JsonReader reader, AnswerEvent target)
    {
        if (Is(ref reader, "usage"u8)) target.Usage = UsageReader.Usage(ref reader);
        else if (Is(ref reader, "error"u8)) target.Error = ErrorReader.Value(ref reader);
        else if (Is(ref reader, "prompt_token_ids"u8)) target.PromptTokenIds = Json.Integers(ref reader);
        else if (Is(ref reader, "prompt_logprobs"u8)) target.PromptLogprobs = LogprobReader.Prompt(ref reader);
        else if (Is(ref reader, "system_fingerprint"u8)) target.Fingerprint = Json.String(ref reader);
        else if (Is(ref reader, "prompt_text"u8)) target.PromptText = Json.String(ref reader);
        else if (Is(ref reader, "kv_transfer_params"u8)) target.KvTransferParams = Json.Element(ref reader);
        else if (Is(ref reader, "metrics"u8)) target.Timing = UsageReader.Timing(ref reader);
        else if (keepUnknown) Keep(ref reader, target);
        else Json.Skip(ref reader);
    }

    void Choices(ref Utf8JsonReader reader, AnswerEvent target)
    {
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return;
        target.HasChoices = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) Choice(ref reader, target.AddChoice());
            else reader.Skip();
        }
    }

    void Choice(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "index"u8)) Index(ref reader, choice);
            else if (Is(ref reader, "delta"u8) || Is(ref reader, "message"u8)) Delta(ref reader, choice);
            else if (Is(ref reader, "text"u8)) Text(ref reader, choice);
            else if (Is(ref reader, "finish_reason"u8)) choice.FinishReason = Finish(ref reader);
            else RareChoiceMember(ref reader, choice);
        }
    }

    static void Index(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        choice.HasBadIndex |= !Json.TryIndex(ref reader, AnswerEvent.MaxChoices, out var index);
        choice.Index = index ?? 0;
    }

    static void RareChoiceMember(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        if (Is(ref reader, "logprobs"u8)) choice.Logprobs = LogprobReader.Output(ref reader);
        else if (Is(ref reader, "stop_reason"u8)) choice.StopReason = Stop(ref reader);
        else if (Is(ref reader, "token_ids"u8)) choice.TokenIds = Json.Integers(ref reader);
        else if (Is(ref reader, "prompt_token_ids"u8)) choice.PromptTokenIds = Json.Integers(ref reader);
        else if (Is(ref reader, "prompt_logprobs"u8)) choice.PromptLogprobs = LogprobReader.Prompt(ref reader);
        else Json.Skip(ref reader);
    }

    void Delta(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        if (!Json.Opens(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "content"u8)) Text(ref reader, choice);
            else if (Is(ref reader, "reasoning"u8)) (choice.Reasoning, choice.ReasoningLength) = Piece(ref reader, isReasoning: true);
            else if (Is(ref reader, "reasoning_content"u8)) (choice.OldReasoning, choice.OldReasoningLength) = Piece(ref reader, isReasoning: true);
            else if (Is(ref reader, "tool_calls"u8)) choice.ToolCalls = ToolCallReader.Read(ref reader, choice);
            else if (Is(ref reader, "role"u8)) choice.Role = Role(ref reader);
            else if (Is(ref reader, "refusal"u8)) choice.Refusal = Json.String(ref reader);
            else Json.Skip(ref reader);
        }

        choice.SettleReasoning();
    }

    void Text(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        (choice.Text, choice.TextLength) = Piece(ref reader, isReasoning: false);
        choice.HasText |= reader.TokenType is JsonTokenType.String or JsonTokenType.EndArray;
    }

    (string? Text, int Length) Piece(ref Utf8JsonReader reader, bool isReasoning)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray) return TextParts(ref reader);
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return (null, 0);
        }

        var length = JsonText.Length(ref reader);
        if (length > 0) _template.See((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, isReasoning);
        return (discardText ? null : JsonText.Read(ref reader), length);
    }

    // Some servers send content as a list of parts, as requests do: what is text in it is the text.
    (string? Text, int Length) TextParts(ref Utf8JsonReader reader)
    {
        var text = Json.TextParts(ref reader);
        return (discardText ? null : text, Encoding.UTF8.GetByteCount(text));
    }

    // Every event repeats id, model and time. They are compared as bytes with those before, so a stream makes each string once.
    void SetId(ref Utf8JsonReader reader, AnswerEvent target)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.SequenceEqual(_id)) return;
        _id = reader.ValueSpan.ToArray();
        OwnHead(target).Id = JsonText.Read(ref reader) ?? "";
    }

    void SetModel(ref Utf8JsonReader reader, AnswerEvent target)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.SequenceEqual(_model)) return;
        _model = reader.ValueSpan.ToArray();
        OwnHead(target).Model = JsonText.Read(ref reader) ?? "";
    }

    static void SetCreated(ref Utf8JsonReader reader, AnswerEvent target)
    {
        var created = Json.Long(ref reader);
        if (created is not null && target.Head.Created != created) OwnHead(target).Created ??= created;
    }

    static StreamHead OwnHead(AnswerEvent target) => target.Head = ReferenceEquals(target.Head, StreamHead.None) ? new() : target.Head;

    static FinishReason? Finish(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader, JsonTokenType.String)) return null;
        if (reader.ValueTextEquals("length"u8)) return FinishReason.Length;
        if (reader.ValueTextEquals("stop"u8)) return FinishReason.Stop;
        if (reader.ValueTextEquals("tool_calls"u8)) return FinishReason.ToolCalls;
        return new FinishReason(JsonText.Read(ref reader) ?? "");
    }

    static StopReason? Stop(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return new StopReason(JsonText.Read(ref reader) ?? "");
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id)) return new StopReason(id);
        reader.Skip();
        return null;
    }

    static ChatRole? Role(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader, JsonTokenType.String)) return null;
        return reader.ValueTextEquals("assistant"u8) ? ChatRole.Assistant : new ChatRole(JsonText.Read(ref reader) ?? "");
    }

    static void Keep(ref Utf8JsonReader reader, AnswerEvent target)
    {
        var name = JsonText.Read(ref reader) ?? "";
        if (Json.Element(ref reader) is { } value) (target.Additional ??= [])[name] = value;
    }

    static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name);
}
