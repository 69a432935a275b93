using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the answers of the server's own endpoints.</summary>
static class ServerReader
{
    /// <summary>The models of <c>/v1/models</c>.</summary>
    /// <exception cref="JsonException">The body is not a list of models.</exception>
    internal static IReadOnlyList<ModelInfo> Models(ReadOnlySpan<byte> body)
    {
        List<ModelInfo>? models = null;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("data"u8)) Json.Skip(ref reader);
            else if (Json.Opens(ref reader, JsonTokenType.StartArray)) models = Models(ref reader);
        }

        return models ?? throw new JsonException("There is no list of models.");
    }

    /// <summary>The version of <c>/version</c>.</summary>
    /// <exception cref="JsonException">The body holds no version.</exception>
    internal static string Version(ReadOnlySpan<byte> body)
    {
        string? version = null;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("version"u8)) version = Json.String(ref reader);
            else Json.Skip(ref reader);
        }

        return version ?? throw new JsonException("There is no version.");
    }

    /// <summary>The model that gave an answer; null if it does not say.</summary>
    /// <exception cref="JsonException">The body is no answer, or holds an error.</exception>
    internal static string? AnsweringModel(ReadOnlySpan<byte> body)
    {
        string? model = null;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                model = Json.String(ref reader);
                continue;
            }

            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError && reader.TokenType != JsonTokenType.Null) throw new JsonException("The answer is an error.");
            reader.Skip();
        }

        return model;
    }

    /// <summary>The count of <c>/load</c>.</summary>
    /// <exception cref="JsonException">The body holds no count.</exception>
    internal static int Load(ReadOnlySpan<byte> body)
    {
        int? load = null;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("server_load"u8)) load = Json.Count(ref reader);
            else Json.Skip(ref reader);
        }

        return load ?? throw new JsonException("There is no load.");
    }

    /// <summary>The answer of <c>/is_sleeping</c>.</summary>
    /// <exception cref="JsonException">The body holds no answer.</exception>
    internal static bool IsSleeping(ReadOnlySpan<byte> body) => Truth(body, "is_sleeping"u8) ?? throw new JsonException("There is no answer.");

    /// <summary>Whether something was done; null if the body is empty, or does not say.</summary>
    /// <exception cref="JsonException">The body is neither empty nor a JSON object.</exception>
    internal static bool? Success(ReadOnlySpan<byte> body) => body.Trim(" \r\n\t"u8).IsEmpty ? null : Truth(body, "success"u8);

    static bool? Truth(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        bool? truth = null;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals(name))
            {
                Json.Skip(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) truth = reader.GetBoolean();
            else reader.Skip();
        }

        return truth;
    }

    static List<ModelInfo> Models(ref Utf8JsonReader reader)
    {
        var models = new List<ModelInfo>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) models.Add(Model(ref reader));
            else reader.Skip();
        }

        return models;
    }

    static ModelInfo Model(ref Utf8JsonReader reader)
    {
        var model = new ModelInfo();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8)) model = model with { Id = Json.String(ref reader) ?? "" };
            else if (reader.ValueTextEquals("root"u8)) model = model with { Root = Json.String(ref reader) };
            else if (reader.ValueTextEquals("parent"u8)) model = model with { Parent = Json.String(ref reader) };
            else if (reader.ValueTextEquals("max_model_len"u8)) model = model with { MaxModelLength = Json.Count(ref reader) };
            else Json.Skip(ref reader);
        }

        return model;
    }

    static Utf8JsonReader Begin(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("The answer is not a JSON object.");
    }
}
