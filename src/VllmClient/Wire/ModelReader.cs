using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the answers of the server's own endpoints.</summary>
static class ModelReader
{
    /// <summary>The models of <c>/v1/models</c>.</summary>
    /// <exception cref="JsonException">The body is not a list of models.</exception>
    internal static IReadOnlyList<ModelInfo> Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw new JsonException("There is no list of models.");
        return [.. data.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(Model)];
    }

    /// <summary>The version of <c>/version</c>.</summary>
    /// <exception cref="JsonException">The body holds no version.</exception>
    internal static string Version(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object ? Text(document.RootElement, "version") ?? throw new JsonException("There is no version.") : throw new JsonException("There is no version.");
    }

    static ModelInfo Model(JsonElement item) => new()
    {
        Id = Text(item, "id") ?? "",
        Root = Text(item, "root"),
        Parent = Text(item, "parent"),
        MaxModelLength = item.TryGetProperty("max_model_len", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out var tokens) ? tokens : null,
    };

    static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
