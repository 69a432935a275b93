using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vllm.Statistics;

namespace Vllm.Reports;

/// <summary>A time as seconds with up to seven decimals: exactly its 100 ns ticks.</summary>
sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
    {
        var text = ((decimal)value.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text, skipInputValidation: true);
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var seconds) || Math.Abs(seconds) > 1_000_000_000_000m)
            throw new JsonException();
        var ticks = Math.Round(seconds * TimeSpan.TicksPerSecond);
        return ticks is >= long.MinValue and <= long.MaxValue ? new((long)ticks) : throw new JsonException();
    }
}

/// <summary>An instant in UTC, to the tick.</summary>
sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) ? value.ToUniversalTime() : throw new JsonException();
}

/// <summary>A histogram's bucket as a pair, [bucket, count].</summary>
sealed class BucketConverter : JsonConverter<HistogramBucket>
{
    public override void Write(Utf8JsonWriter writer, HistogramBucket value, JsonSerializerOptions options) =>
        writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{value.Index},{value.Count}]"), skipInputValidation: true);

    public override HistogramBucket Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.Number
            || !reader.TryGetInt32(out var index) || index < 0 || !reader.Read() || reader.TokenType != JsonTokenType.Number
            || !reader.TryGetInt64(out var count) || count < 1 || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException();
        }

        return new(index, count);
    }
}
