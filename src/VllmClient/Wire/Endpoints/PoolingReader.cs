using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/pooling</c>, of plug-ins too.</summary>
sealed class PoolingReader(VectorBytes format, bool takesBase64) : VectorReader<PoolingResult, PoolingItem>(format, takesBase64)
{
    private protected override ReadOnlySpan<byte> Name => "data"u8;

    private protected override PoolingResult Answer() => new() { Data = Items };

    private protected override PoolingItem Item(int index, float[] values, IReadOnlyList<int> shape)
    {
        var count = 1L;
        foreach (var length in shape) count = Math.Min(count * length, 1L + int.MaxValue);
        return count == values.Length
            ? new() { Index = index, Values = values, Shape = shape }
            : throw new JsonException("The shape of an item does not fit its numbers.");
    }

    private protected override PoolingItem Other(int index, JsonElement value) => new() { Index = index, Raw = value };

    // A plug-in's answer is whatever the plug-in makes of it, in place of the list of items.
    private protected override bool Member(ref Utf8JsonReader reader)
    {
        var start = reader;
        if (!base.Member(ref reader)) return false;
        if (HasAnswer && (Items.Count > 0 || IsMetadata)) return true;
        if (Json.Element(ref start) is not { } value) return true;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0) Items.Add(Other(0, value));
        HasAnswer = true;
        return true;
    }
}
