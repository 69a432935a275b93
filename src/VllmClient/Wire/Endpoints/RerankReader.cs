using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/rerank</c>.</summary>
sealed class RerankReader : PoolingModelReader<RerankResult>
{
    readonly List<RerankItem> _results = [];

    private protected override RerankResult Answer() => new() { Results = _results };

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("results"u8)) return false;
        _results.Clear();
        while (NextItem(ref reader)) _results.Add(Item(ref reader, _results.Count));
        HasAnswer = reader.TokenType == JsonTokenType.EndArray;
        return true;
    }

    static RerankItem Item(ref Utf8JsonReader reader, int number)
    {
        var item = new RerankItem { Index = number };
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("index"u8)) item = item with { Index = Json.Index(ref reader) ?? number };
            else if (reader.ValueTextEquals("relevance_score"u8)) item = item with { RelevanceScore = Json.Double(ref reader) };
            else if (reader.ValueTextEquals("document"u8)) item = Document(ref reader, item);
            else Json.Skip(ref reader);
        }

        return item;
    }

    // An object in vLLM; some gateways give the text alone.
    static RerankItem Document(ref Utf8JsonReader reader, RerankItem item)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return item with { Text = JsonText.Read(ref reader) };
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return item;
        }

        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("text"u8)) item = item with { Text = Json.String(ref reader) };
            else if (reader.ValueTextEquals("multi_modal"u8)) item = item with { MultiModal = Json.Element(ref reader) };
            else Json.Skip(ref reader);
        }

        return item;
    }
}
