using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/score</c>.</summary>
sealed class ScoreReader : PoolingModelReader<ScoreResult>
{
    readonly List<ScoreItem> _items = [];

    private protected override ScoreResult Answer() => new() { Data = _items };

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("data"u8)) return false;
        _items.Clear();
        while (NextItem(ref reader)) _items.Add(Item(ref reader, _items.Count));
        HasAnswer = reader.TokenType == JsonTokenType.EndArray;
        return true;
    }

    static ScoreItem Item(ref Utf8JsonReader reader, int number)
    {
        int? index = null;
        double? score = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("index"u8)) index = Json.Index(ref reader);
            else if (reader.ValueTextEquals("score"u8)) score = Json.Double(ref reader);
            else Json.Skip(ref reader);
        }

        return new() { Index = index ?? number, Score = score };
    }
}
