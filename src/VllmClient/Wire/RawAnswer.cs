using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>What can be told of an answer or an event that is given on as it is.</summary>
/// <param name="Value">The whole of it.</param>
/// <param name="Error">The error that it is; null if it is none.</param>
/// <param name="IsAborted">Whether a choice was given up because the server stops.</param>
readonly record struct RawAnswer(JsonElement Value, ServerError? Error, bool IsAborted)
{
    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON value, or have names that are no text.</exception>
    internal static RawAnswer Whole(ReadOnlySpan<byte> json)
    {
        var value = Read(json);
        try
        {
            return new(value, AnswerError(value, json), HasAborted(value));
        }
        catch (InvalidOperationException error)
        {
            throw NoText(error);
        }
    }

    /// <summary>Reads an event of a stream, and notes which choices have finished.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON value, or have names that are no text.</exception>
    internal static RawAnswer Event(ReadOnlySpan<byte> json, Dictionary<int, bool> finished)
    {
        var value = Read(json);
        try
        {
            NoteChoices(value, finished);
            return new(value, EventError(value, json), HasAborted(value));
        }
        catch (InvalidOperationException error)
        {
            throw NoText(error);
        }
    }

    /// <summary>Reads one JSON value.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON value.</exception>
    internal static JsonElement Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var value = JsonElement.ParseValue(ref reader);
        return reader.Read() ? throw new JsonException("Something follows the JSON value.") : value;
    }

    /// <summary>A text as a JSON string.</summary>
    internal static JsonElement Quote(string text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 2);
        using (var json = new Utf8JsonWriter(buffer)) json.WriteStringValue(text);
        return Json.Whole(buffer.WrittenSpan);
    }

    /// <summary>The error that an event tells; null if it tells none.</summary>
    static ServerError? EventError(JsonElement value, ReadOnlySpan<byte> json)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        if (value.TryGetProperty("error"u8, out var error) && error.ValueKind != JsonValueKind.Null) return ErrorReader.Body(json);
        if (!value.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String) return null;
        if (type.ValueEquals("error"u8)) return ErrorReader.Body(json) ?? new ServerError(null, "error", null, null, true);
        if (!type.ValueEquals("response.failed"u8)) return null;
        return value.TryGetProperty("response"u8, out var response)
            ? ErrorReader.Body(System.Text.Encoding.UTF8.GetBytes(response.GetRawText())) ?? new ServerError(null, "response.failed", null, null, true)
            : new ServerError(null, "response.failed", null, null, true);
    }

    /// <summary>The error that a whole answer is; null if it is none. An object that names its kind may tell of an old error and be no failure itself.</summary>
    static ServerError? AnswerError(JsonElement value, ReadOnlySpan<byte> json)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        if (value.TryGetProperty("object"u8, out var kind) && kind.ValueKind == JsonValueKind.String)
            return kind.ValueEquals("error"u8) ? ErrorReader.Body(json) : null;
        return value.TryGetProperty("error"u8, out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String ? ErrorReader.Body(json) : null;
    }

    static bool HasAborted(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("choices"u8, out var choices) || choices.ValueKind != JsonValueKind.Array) return false;
        foreach (var choice in choices.EnumerateArray())
            if (Finish(choice) is { } reason && reason.ValueEquals("abort"u8)) return true;
        return false;
    }

    static void NoteChoices(JsonElement value, Dictionary<int, bool> finished)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("choices"u8, out var choices) || choices.ValueKind != JsonValueKind.Array) return;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind != JsonValueKind.Object) continue;
            var index = choice.TryGetProperty("index"u8, out var number) && number.ValueKind == JsonValueKind.Number ? number.TryGetInt32(out var at) ? at : -1 : 0;
            finished[index] = finished.GetValueOrDefault(index) || Finish(choice) is not null;
        }
    }

    /// <summary>Whether the event is the last of a stream that has no <c>[DONE]</c>: those of the Responses and of the Messages API.</summary>
    internal static bool IsLast(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
        && (type.ValueEquals("response.completed"u8) || type.ValueEquals("response.incomplete"u8) || type.ValueEquals("message_stop"u8));

    /// <summary>Whether the event belongs to such a stream.</summary>
    internal static bool AwaitsLast(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
        && (type.ValueEquals("message_start"u8) || JsonMarshal.GetRawUtf8Value(type).StartsWith("\"response."u8));

    static JsonException NoText(InvalidOperationException error) => new("A name or a word is no text.", error);

    static JsonElement? Finish(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("finish_reason"u8, out var reason) && reason.ValueKind == JsonValueKind.String ? reason : null;
}
