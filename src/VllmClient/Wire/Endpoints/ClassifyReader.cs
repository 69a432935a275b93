using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/classify</c>.</summary>
sealed class ClassifyReader : PoolingModelReader<ClassifyResult>
{
    readonly List<ClassifyItem> _items = [];

    private protected override ClassifyResult Answer() => new() { Data = _items };

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("data"u8)) return false;
        _items.Clear();
        while (NextItem(ref reader)) _items.Add(Item(ref reader, _items.Count));
        HasAnswer = reader.TokenType == JsonTokenType.EndArray;
        return true;
    }

    static ClassifyItem Item(ref Utf8JsonReader reader, int number)
    {
        var item = new ClassifyItem { Index = number };
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("index"u8)) item = item with { Index = Json.Index(ref reader) ?? number };
            else if (reader.ValueTextEquals("label"u8)) item = item with { Label = Json.String(ref reader) };
            else if (reader.ValueTextEquals("probs"u8)) item = item with { Probabilities = Probabilities(ref reader) };
            else if (reader.ValueTextEquals("num_classes"u8)) item = item with { ClassCount = Json.Count(ref reader) };
            else Json.Skip(ref reader);
        }

        return item;
    }

    static List<double> Probabilities(ref Utf8JsonReader reader)
    {
        var values = new List<double>();
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return values;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)) values.Add(value);
            else if (reader.TokenType == JsonTokenType.Null) values.Add(double.NaN);
            else throw new JsonException("A probability is no number.");
        }

        return values;
    }
}
