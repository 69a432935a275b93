using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/tokenize</c>.</summary>
sealed class TokenizeReader : EndpointReader<TokenizeResult>
{
    List<int>? _tokens;
    List<string>? _strings;
    int? _count;
    int? _maxModelLength;

    internal override TokenizeResult Result(CallInfo info) => new()
    {
        Count = _count ?? _tokens!.Count,
        Tokens = _tokens!,
        TokenStrings = _strings,
        MaxModelLength = _maxModelLength,
        Info = info,
        AdditionalProperties = Additional,
    };

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("count"u8)) _count = Json.Count(ref reader);
        else if (reader.ValueTextEquals("max_model_len"u8)) _maxModelLength = Json.Count(ref reader);
        else if (reader.ValueTextEquals("tokens"u8)) HasAnswer = (_tokens = Json.Integers(ref reader)) is not null;
        else if (reader.ValueTextEquals("token_strs"u8)) _strings = Strings(ref reader);
        else return false;
        return true;
    }

    static List<string>? Strings(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return null;
        var strings = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) throw new JsonException("A token is no text.");
            strings.Add(JsonText.Read(ref reader) ?? "");
        }

        return strings;
    }
}
