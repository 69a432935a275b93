using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/v1/embeddings</c>.</summary>
sealed class EmbeddingReader(VectorBytes format) : VectorReader<EmbeddingResult, EmbeddingItem>(format, takesBase64: true)
{
    private protected override ReadOnlySpan<byte> Name => "embedding"u8;

    private protected override EmbeddingResult Answer() => new() { Data = Items };

    private protected override EmbeddingItem Item(int index, float[] values, IReadOnlyList<int> shape) => new() { Index = index, Vector = values };

    private protected override EmbeddingItem Other(int index, JsonElement value) => throw new JsonException("An embedding is neither numbers nor base64.");
}
