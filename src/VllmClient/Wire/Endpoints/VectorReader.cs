using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers that are vectors: as decimal numbers, as base64, or as bytes that a header describes.</summary>
abstract class VectorReader<TResult, TItem>(VectorBytes format, bool takesBase64) : PoolingModelReader<TResult> where TResult : PoolingModelResult
{
    readonly List<BytesPart> _parts = [];

    protected List<TItem> Items { get; } = [];

    /// <summary>Whether what is read is the header of a body of bytes.</summary>
    protected bool IsMetadata { get; private set; }

    internal sealed override bool TryReadOther(ReadOnlySpan<byte> body, string? contentType, string? metadata)
    {
        if (contentType != "application/octet-stream" || metadata is null) return false;
        IsMetadata = true;
        Read(Encoding.UTF8.GetBytes(metadata));
        var described = 0L;
        foreach (var part in _parts)
        {
            // Together the parts are the body: without that a short header could multiply it.
            described += part.End - part.Start;
            if (part.Start < 0 || part.End < part.Start || part.End > body.Length || described > body.Length) throw new JsonException("The header describes bytes that did not come.");
            var values = VectorBytes.Of(part.Type, part.Order).Read(body[part.Start..part.End]);
            Items.Add(Item(part.Index ?? Items.Count, values, part.Shape ?? [values.Length]));
        }

        return true;
    }

    private protected abstract TItem Item(int index, float[] values, IReadOnlyList<int> shape);

    /// <summary>The item of a value that is neither a table of numbers nor base64; of the whole item, if it has no such member.</summary>
    private protected abstract TItem Other(int index, JsonElement value);

    /// <summary>Name of the member that holds the vector.</summary>
    private protected abstract ReadOnlySpan<byte> Name { get; }

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("data"u8)) return false;
        Items.Clear();
        _parts.Clear();
        while (NextItem(ref reader))
        {
            if (IsMetadata) _parts.Add(Part(ref reader));
            else Items.Add(Item(ref reader, Items.Count));
        }

        HasAnswer = reader.TokenType == JsonTokenType.EndArray;
        return true;
    }

    TItem Item(ref Utf8JsonReader reader, int number)
    {
        var start = reader;
        int? index = null;
        (float[] Values, IReadOnlyList<int> Shape)? vector = null;
        JsonElement? other = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("index"u8)) index = Json.Index(ref reader);
            else if (reader.ValueTextEquals(Name)) (vector, other) = Value(ref reader);
            else Json.Skip(ref reader);
        }

        if (vector is { } known) return Item(index ?? number, known.Values, known.Shape);
        return Other(index ?? number, other ?? JsonElement.ParseValue(ref start));
    }

    ((float[], IReadOnlyList<int>)? Vector, JsonElement? Other) Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = reader;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (takesBase64 && reader.TryGetBytesFromBase64(out var bytes))
            {
                var values = format.Read(bytes);
                return ((values, [values.Length]), null);
            }
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            var table = new NumberTable();
            if (table.TryRead(ref reader)) return ((table.Values, table.Shape), null);
        }

        reader = start;
        return (null, JsonElement.ParseValue(ref reader));
    }

    static BytesPart Part(ref Utf8JsonReader reader)
    {
        var part = new BytesPart(null, null, null, -1, -1, null);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("index"u8)) part = part with { Index = Json.Index(ref reader) };
            else if (reader.ValueTextEquals("embed_dtype"u8)) part = part with { Type = Json.String(ref reader) };
            else if (reader.ValueTextEquals("endianness"u8)) part = part with { Order = Json.String(ref reader) };
            else if (reader.ValueTextEquals("start"u8)) part = part with { Start = Json.Index(ref reader) ?? -1 };
            else if (reader.ValueTextEquals("end"u8)) part = part with { End = Json.Index(ref reader) ?? -1 };
            else if (reader.ValueTextEquals("shape"u8)) part = part with { Shape = Shape(ref reader) };
            else Json.Skip(ref reader);
        }

        return part;
    }

    static List<int>? Shape(ref Utf8JsonReader reader)
    {
        var value = reader;
        value.Read();
        var shape = Json.Integers(ref reader);
        return shape is null && value.TokenType != JsonTokenType.Null ? throw new JsonException("A shape is no list of lengths.") : shape;
    }

    readonly record struct BytesPart(int? Index, string? Type, string? Order, int Start, int End, List<int>? Shape);
}
