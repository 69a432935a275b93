using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request to <c>/v1/audio/transcriptions</c> or, with <see cref="Translate"/>, to <c>/v1/audio/translations</c>.</summary>
public sealed record TranscriptionRequest
{
    /// <summary>The model; null takes the client's default, else the server's own.</summary>
    public string? Model { get; init; }

    /// <summary>The audio file's bytes, in a format that the server can read: WAV, MP3, FLAC, OGG and others. Left alone while the call runs.</summary>
    public required ReadOnlyMemory<byte> Audio { get; init; }

    /// <summary>Name of the audio file, whose ending may tell the format. Default: <c>audio.wav</c>.</summary>
    public string FileName { get; init; } = "audio.wav";

    /// <summary>Whether the text comes in another language than the speech: English, or <see cref="ToLanguage"/>. Default: false.</summary>
    public bool Translate { get; init; }

    /// <summary>Language of the speech as an ISO 639-1 code such as <c>en</c>; null lets the model find out, if it can.</summary>
    public string? Language { get; init; }

    /// <summary>Language of the text as an ISO 639-1 code, for models that translate into several.</summary>
    public string? ToLanguage { get; init; }

    /// <summary>A text that the speech goes on from, in its style and spelling.</summary>
    public string? Prompt { get; init; }

    /// <summary>The form of the answer: <c>json</c>, <c>text</c> or <c>verbose_json</c>, which has segments. Server default: <c>json</c>.</summary>
    public string? ResponseFormat { get; init; }

    /// <summary>What gets times in <c>verbose_json</c>: <c>segment</c>, <c>word</c>.</summary>
    public IReadOnlyList<string>? TimestampGranularities { get; init; }

    /// <summary>Randomness of sampling, 0 or more. Server default: 0.</summary>
    public double? Temperature { get; init; }

    /// <summary>Samples from the likeliest tokens that make up this probability, above 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Samples from this many of the likeliest tokens; 0 or -1 for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Samples from tokens that are at least this likely, relative to the likeliest, 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>Makes sampling repeatable.</summary>
    public long? Seed { get; init; }

    /// <summary>Punishes tokens by how often they occurred, -2 to 2. Server default: 0.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Punishes tokens that occurred, -2 to 2. Server default: 0.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Punishes repetition, above 0; 1 does nothing.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Most tokens of the text; null for as many as fit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Arguments for plug-ins of the server, such as custom logits processors.</summary>
    public JsonObject? VllmXargs { get; init; }

    /// <summary>Any further fields of the form: a list is sent as one field per item, an object as JSON. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(TranscriptionRequest);
}
