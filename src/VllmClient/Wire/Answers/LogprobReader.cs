using System.Globalization;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads log probabilities: a list of objects in chats, four lists side by side in completions, maps by token id for prompts.</summary>
static class LogprobReader
{
    /// <summary>The value of a member named <c>logprobs</c>; null if it is null or empty.</summary>
    internal static List<TokenLogprob>? Output(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader)) return null;
        List<TokenLogprob>? chat = null;
        List<int?>? offsets = null;
        List<double?>? logprobs = null;
        List<string>? tokens = null;
        List<List<TokenLogprob>>? candidates = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8)) chat = Tokens(ref reader);
            else if (reader.ValueTextEquals("text_offset"u8)) offsets = Items(ref reader, static (ref r) => r.TokenType == JsonTokenType.Number && r.TryGetInt32(out var value) && value >= 0 ? value : (int?)null);
            else if (reader.ValueTextEquals("token_logprobs"u8)) logprobs = Items(ref reader, Number);
            else if (reader.ValueTextEquals("tokens"u8)) tokens = Items(ref reader, static (ref r) => JsonText.Read(ref r) ?? "");
            else if (reader.ValueTextEquals("top_logprobs"u8)) candidates = Items(ref reader, Map);
            else Json.Skip(ref reader);
        }

        return tokens is { Count: > 0 } ? SideBySide(tokens, offsets, logprobs, candidates) : chat is { Count: > 0 } ? chat : null;
    }

    /// <summary>The value of a member named <c>prompt_logprobs</c>: one list of candidates per token, null for a token that has none.</summary>
    internal static List<IReadOnlyList<PromptLogprob>?>? Prompt(ref Utf8JsonReader reader) => Items(ref reader, Candidates);

    delegate T Item<T>(ref Utf8JsonReader reader);

    static List<T>? Items<T>(ref Utf8JsonReader reader, Item<T> read)
    {
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return null;
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(read(ref reader));
            // An item of another kind than wanted was not stepped into; it is passed over, whatever it holds.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
        }

        return items;
    }

    static List<TokenLogprob>? Tokens(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return null;
        var tokens = new List<TokenLogprob>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) tokens.Add(Token(ref reader));
            else reader.Skip();
        }

        return tokens;
    }

    static TokenLogprob Token(ref Utf8JsonReader reader)
    {
        string? token = null;
        double? logprob = null;
        List<int>? bytes = null;
        List<TokenLogprob>? top = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("token"u8)) token = Json.String(ref reader);
            else if (reader.ValueTextEquals("logprob"u8)) logprob = Json.Double(ref reader);
            else if (reader.ValueTextEquals("bytes"u8)) bytes = Json.Integers(ref reader);
            else if (reader.ValueTextEquals("top_logprobs"u8)) top = Tokens(ref reader);
            else Json.Skip(ref reader);
        }

        return new() { Token = token ?? "", Logprob = logprob, Bytes = Bytes(bytes), TopLogprobs = top! };
    }

    static byte[]? Bytes(List<int>? values) => values?.TrueForAll(value => value <= byte.MaxValue) is true ? [.. values.Select(value => (byte)value)] : null;

    static List<TokenLogprob> SideBySide(List<string> tokens, List<int?>? offsets, List<double?>? logprobs, List<List<TokenLogprob>>? candidates)
    {
        var items = new List<TokenLogprob>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            items.Add(new()
            {
                Token = tokens[i],
                Logprob = i < logprobs?.Count ? logprobs[i] : null,
                TextOffset = i < offsets?.Count ? offsets[i] : null,
                TopLogprobs = i < candidates?.Count ? candidates[i] : [],
            });
        }

        return items;
    }

    static double? Number(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    static List<TokenLogprob> Map(ref Utf8JsonReader reader)
    {
        var items = new List<TokenLogprob>();
        if (reader.TokenType != JsonTokenType.StartObject) return items;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = JsonText.Read(ref reader) ?? "";
            items.Add(new() { Token = token, Logprob = Json.Double(ref reader) });
        }

        return items;
    }

    static IReadOnlyList<PromptLogprob>? Candidates(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        var items = new List<PromptLogprob>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = int.TryParse(JsonText.Read(ref reader), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            var item = Candidate(ref reader, id);
            if (known) items.Add(item);
        }

        return items;
    }

    static PromptLogprob Candidate(ref Utf8JsonReader reader, int id)
    {
        var item = new PromptLogprob { TokenId = id };
        if (!Json.Opens(ref reader)) return item;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("logprob"u8)) item = item with { Logprob = Json.Double(ref reader) };
            else if (reader.ValueTextEquals("rank"u8)) item = item with { Rank = Json.Count(ref reader) };
            else if (reader.ValueTextEquals("decoded_token"u8)) item = item with { DecodedToken = Json.String(ref reader) };
            else Json.Skip(ref reader);
        }

        return item;
    }
}
