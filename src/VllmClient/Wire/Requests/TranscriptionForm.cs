using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>Writes a transcription request as a multipart form: servers take audio in no other way.</summary>
sealed class TranscriptionForm
{
    readonly ArrayBufferWriter<byte> _form = new(64 * 1024);
    readonly string _boundary;
    readonly JsonObject? _extra;
    readonly List<string>? _overridden;

    TranscriptionForm(string boundary, JsonObject? extra, List<string>? overridden)
    {
        _boundary = boundary;
        _extra = extra;
        _overridden = overridden;
    }

    internal static string ContentType(string boundary) => $"multipart/form-data; boundary={boundary}";

    /// <param name="request">The request, checked before.</param>
    /// <param name="boundary">What divides the parts; it must not occur in them.</param>
    /// <param name="defaults">What the client's settings put in.</param>
    /// <param name="overridden">Takes the names of the properties that <c>ExtraBody</c> replaced.</param>
    internal static byte[] Write(TranscriptionRequest request, string boundary, RequestDefaults defaults, List<string>? overridden)
    {
        var form = new TranscriptionForm(boundary, request.ExtraBody, overridden);
        form.Text("model", request.Model ?? defaults.Model);
        form.File(request);
        form.Text("language", request.Language);
        form.Text("to_language", request.ToLanguage);
        form.Text("prompt", request.Prompt);
        form.Text("response_format", request.ResponseFormat);
        if (!form.IsReplaced("timestamp_granularities[]", request.TimestampGranularities is { Count: > 0 }))
            foreach (var one in request.TimestampGranularities ?? []) form.Part("timestamp_granularities[]", one);
        form.Sampling(request);
        form.Text("vllm_xargs", request.VllmXargs?.ToJsonString());
        form.Further();
        form.Raw($"--{boundary}--\r\n");
        return form._form.WrittenSpan.ToArray();
    }

    void Sampling(TranscriptionRequest request)
    {
        Number("temperature", request.Temperature);
        Number("top_p", request.TopP);
        Number("top_k", request.TopK);
        Number("min_p", request.MinP);
        Text("seed", request.Seed?.ToString(CultureInfo.InvariantCulture));
        Number("frequency_penalty", request.FrequencyPenalty);
        Number("presence_penalty", request.PresencePenalty);
        Number("repetition_penalty", request.RepetitionPenalty);
        Number("max_completion_tokens", request.MaxTokens);
    }

    void Further()
    {
        foreach (var (name, value) in _extra ?? [])
        {
            if (value is JsonArray list) foreach (var item in list) Part(name, Plain(item));
            else Part(name, Plain(value));
        }
    }

    static string Plain(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    void Number(string name, double? value) => Text(name, value?.ToString(CultureInfo.InvariantCulture));

    void Text(string name, string? value)
    {
        if (value is not null && !IsReplaced(name, true)) Part(name, value);
    }

    bool IsReplaced(string name, bool hasValue)
    {
        if (!(_extra?.ContainsKey(name) ?? false)) return false;
        if (hasValue) _overridden?.Add(name);
        return true;
    }

    void Part(string name, string value)
    {
        Raw($"--{_boundary}\r\nContent-Disposition: form-data; name=\"{Quoted(name)}\"\r\n\r\n");
        Raw(value);
        Raw("\r\n");
    }

    void File(TranscriptionRequest request)
    {
        Raw($"--{_boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{Quoted(request.FileName)}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        _form.Write(request.Audio.Span);
        Raw("\r\n");
    }

    // As browsers do it, so that no name can end its line.
    static string Quoted(string name) => name
        .Replace("\"", "%22", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    void Raw(string text) => _form.Write(Encoding.UTF8.GetBytes(text));
}
