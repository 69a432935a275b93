using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads responses, their items and the events of their streams. A value of another kind than wanted counts as absent.</summary>
static class ResponsesReader
{
    /// <summary>A whole response.</summary>
    /// <exception cref="JsonException">The bytes are not a JSON object.</exception>
    internal static ResponsesResult Result(ReadOnlySpan<byte> json) => Safely(json, static root => Result(root));

    /// <summary>One event of a stream.</summary>
    /// <exception cref="JsonException">The bytes are not a JSON object.</exception>
    internal static ResponsesEvent Event(ReadOnlySpan<byte> json) => Safely(json, static root => new ResponsesEvent
    {
        Type = Text(root, "type") ?? "",
        Text = Text(root, "text"),
        Delta = Text(root, "delta"),
        ItemId = Text(root, "item_id"),
        OutputIndex = Index(root, "output_index"),
        SequenceNumber = Integer(root, "sequence_number"),
        Item = Object(root, "item") is { } item ? Item(item) : null,
        Response = Object(root, "response") is { } response ? Result(response) : null,
        Raw = root,
    });

    /// <summary>Whether a JSON object is a response: some servers leave out its kind, none its output.</summary>
    internal static bool IsResponse(ResponsesResult result) =>
        Text(result.Raw, "object") == "response" || List(result.Raw, "output") is not null;

    static ResponsesResult Result(JsonElement root)
    {
        var error = Object(root, "error");
        ResponsesItem[] output = [.. Objects(root, "output").Select(Item)];
        return new()
        {
            Id = Text(root, "id") ?? "",
            Model = Text(root, "model") ?? "",
            Created = Time(root, "created_at"),
            Status = Status(root),
            IncompleteReason = Object(root, "incomplete_details") is { } details ? Text(details, "reason") : null,
            ErrorCode = error is { } coded ? Text(coded, "code") : null,
            ErrorMessage = error is { } worded ? Text(worded, "message") : null,
            Output = output,
            Usage = Object(root, "usage") is { } usage ? Vllm.Usage.Known(Usage(usage), output.Length > 0) : null,
            PreviousResponseId = Text(root, "previous_response_id"),
            Raw = root,
        };
    }

    static ResponsesItem Item(JsonElement item) => new()
    {
        Type = Text(item, "type") ?? "",
        Id = Text(item, "id"),
        Role = Text(item, "role") is { } role ? new ChatRole(role) : null,
        Status = Status(item),
        Content = [.. Objects(item, "content").Select(Part)],
        Summary = [.. Objects(item, "summary").Select(Part)],
        Name = Text(item, "name"),
        CallId = Text(item, "call_id"),
        Arguments = Text(item, "arguments"),
        Output = Text(item, "output"),
        Json = item,
    };

    static ResponsesPart Part(JsonElement part) => new()
    {
        Type = Text(part, "type") ?? "",
        Text = Text(part, "text") ?? Text(part, "refusal"),
        Json = part,
    };

    static Usage? Usage(JsonElement usage)
    {
        var (input, output, total) = (Count(usage, "input_tokens"), Count(usage, "output_tokens"), Count(usage, "total_tokens"));
        if (!UsageReader.TryComplete(ref input, output, ref total)) return null;
        var inputDetails = Object(usage, "input_tokens_details");
        return new()
        {
            PromptTokens = input.Value,
            CompletionTokens = output,
            TotalTokens = total.Value,
            CachedTokens = inputDetails is { } read ? Count(read, "cached_tokens") : null,
            CreatedCacheTokens = inputDetails is { } written ? Count(written, "cache_write_tokens") : null,
            ReasoningTokens = Object(usage, "output_tokens_details") is { } outputDetails ? Count(outputDetails, "reasoning_tokens") : null,
        };
    }

    static ResponsesStatus? Status(JsonElement item) => Text(item, "status") is { } status ? new ResponsesStatus(status) : null;

    static DateTimeOffset? Time(JsonElement item, string name) =>
        Member(item, name, JsonValueKind.Number) is { } value && value.TryGetDouble(out var seconds) && seconds is >= -62135596800 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    static int? Integer(JsonElement item, string name) => Member(item, name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    static int? Count(JsonElement item, string name) => Integer(item, name) is { } count and >= 0 ? count : null;

    static int? Index(JsonElement item, string name)
    {
        if (Member(item, name, JsonValueKind.Number) is not { } value) return null;
        return value.TryGetInt32(out var index) && index is >= 0 and < AnswerEvent.MaxChoices ? index : throw new JsonException("The index of an item is none.");
    }

    static JsonElement? Object(JsonElement item, string name) => Member(item, name, JsonValueKind.Object);

    static JsonElement? List(JsonElement item, string name) => Member(item, name, JsonValueKind.Array);

    static IEnumerable<JsonElement> Objects(JsonElement item, string name) =>
        List(item, name) is { } list ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object) : [];

    // A string as it is; anything else but null as its JSON, so that arguments given as an object are not lost.
    static string? Text(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) return value.GetRawText();
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return JsonText.Read(ref reader);
    }

    static JsonElement? Member(JsonElement item, string name, JsonValueKind kind) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    static T Safely<T>(ReadOnlySpan<byte> json, Func<JsonElement, T> read)
    {
        var reader = new Utf8JsonReader(json);
        var root = JsonElement.ParseValue(ref reader);
        if (root.ValueKind != JsonValueKind.Object || reader.Read()) throw new JsonException("It is not one JSON object.");
        try
        {
            return read(root);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A name in it is not Unicode.", error);
        }
    }
}
