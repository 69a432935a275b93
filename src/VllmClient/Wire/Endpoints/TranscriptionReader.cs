using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the text of speech: JSON, with or without pieces, or the bare text.</summary>
sealed class TranscriptionReader : EndpointReader<TranscriptionResult>
{
    readonly List<TranscriptionSegment> _segments = [];
    readonly List<TranscriptionWord> _words = [];
    string? _text;
    string? _language;
    TimeSpan? _duration;
    TimeSpan? _counted;

    internal override TranscriptionResult Result(CallInfo info) => new()
    {
        Text = _text!,
        Language = _language,
        Duration = _duration ?? _counted,
        Segments = _segments,
        Words = _words,
        Usage = Usage,
        Info = info,
        AdditionalProperties = Additional,
    };

    internal override bool TryReadOther(ReadOnlySpan<byte> body, string? contentType, string? metadata)
    {
        if (contentType == "text/plain") _text = Encoding.UTF8.GetString(body);
        else if (body.Length > 0 && body[0] == (byte)'"') _text = Bare(body);
        else return false;
        return HasAnswer = true;
    }

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("text"u8)) HasAnswer = (_text = Json.String(ref reader)) is not null;
        else if (reader.ValueTextEquals("language"u8)) _language = Json.String(ref reader);
        else if (reader.ValueTextEquals("duration"u8)) _duration = Seconds(ref reader);
        else if (reader.ValueTextEquals("segments"u8)) Segments(ref reader);
        else if (reader.ValueTextEquals("words"u8)) Words(ref reader);
        else return false;
        return true;
    }

    // Tokens or seconds: {"type":"duration","seconds":12}.
    private protected override void ReadUsage(ref Utf8JsonReader reader)
    {
        var again = reader;
        SetUsage(UsageReader.Usage(ref reader));
        if (!Json.Opens(ref again)) return;
        while (NextMember(ref again))
        {
            if (again.ValueTextEquals("seconds"u8)) _counted = Seconds(ref again);
            else Json.Skip(ref again);
        }
    }

    static string? Bare(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        var text = JsonText.Read(ref reader);
        return reader.Read() ? throw new JsonException("Something follows the text.") : text;
    }

    void Segments(ref Utf8JsonReader reader)
    {
        _segments.Clear();
        while (NextItem(ref reader))
        {
            var segment = new TranscriptionSegment();
            while (NextMember(ref reader)) segment = Segment(ref reader, segment);
            _segments.Add(segment);
        }
    }

    static TranscriptionSegment Segment(ref Utf8JsonReader reader, TranscriptionSegment segment)
    {
        if (reader.ValueTextEquals("id"u8)) return segment with { Id = Json.Integer(ref reader) };
        if (reader.ValueTextEquals("start"u8)) return segment with { Start = Seconds(ref reader) };
        if (reader.ValueTextEquals("end"u8)) return segment with { End = Seconds(ref reader) };
        if (reader.ValueTextEquals("text"u8)) return segment with { Text = Json.String(ref reader) ?? "" };
        if (reader.ValueTextEquals("avg_logprob"u8)) return segment with { AverageLogprob = Json.Double(ref reader) };
        if (reader.ValueTextEquals("compression_ratio"u8)) return segment with { CompressionRatio = Json.Double(ref reader) };
        if (reader.ValueTextEquals("no_speech_prob"u8)) return segment with { NoSpeechProbability = Json.Double(ref reader) };
        if (reader.ValueTextEquals("temperature"u8)) return segment with { Temperature = Json.Double(ref reader) };
        if (reader.ValueTextEquals("tokens"u8)) return segment with { Tokens = Json.Integers(ref reader)! };
        Json.Skip(ref reader);
        return segment;
    }

    void Words(ref Utf8JsonReader reader)
    {
        _words.Clear();
        while (NextItem(ref reader))
        {
            var word = new TranscriptionWord();
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("word"u8)) word = word with { Word = Json.String(ref reader) ?? "" };
                else if (reader.ValueTextEquals("start"u8)) word = word with { Start = Seconds(ref reader) };
                else if (reader.ValueTextEquals("end"u8)) word = word with { End = Seconds(ref reader) };
                else Json.Skip(ref reader);
            }

            _words.Add(word);
        }
    }

    // Numbers, and in vLLM's duration a number in quotes.
    static TimeSpan? Seconds(ref Utf8JsonReader reader)
    {
        var again = reader;
        var seconds = Json.Double(ref reader);
        if (seconds is null && double.TryParse(Json.String(ref again), NumberStyles.Float, CultureInfo.InvariantCulture, out var quoted)) seconds = quoted;
        return seconds is { } known && Math.Abs(known) < 1e9 ? TimeSpan.FromTicks((long)Math.Round(known * TimeSpan.TicksPerSecond)) : null;
    }
}
