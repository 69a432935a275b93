using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vllm.Reports;

/// <summary>A column of numbers in one line, however the rest is indented.</summary>
sealed class ColumnConverter : JsonConverter<IReadOnlyList<double>>
{
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Columns.Text(value.Count, i => value[i]), skipInputValidation: true);

    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. Columns.Read(ref reader).Select(number => number ?? throw new JsonException())];
}

/// <summary>The same, with null where a number is not known.</summary>
sealed class GappyColumnConverter : JsonConverter<IReadOnlyList<double?>>
{
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double?> value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Columns.Text(value.Count, i => value[i]), skipInputValidation: true);

    public override IReadOnlyList<double?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Columns.Read(ref reader);
}

static class Columns
{
    public static string Text(int count, Func<int, double?> at)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            if (at(i) is { } number && double.IsFinite(number)) text.Append(CultureInfo.InvariantCulture, $"{number:R}");
            else text.Append("null");
        }

        return text.Append(']').ToString();
    }

    public static List<double?> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var column = new List<double?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null) column.Add(null);
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number)) column.Add(number);
            else throw new JsonException();
        }

        return column;
    }
}
