using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads answers of <c>/detokenize</c>.</summary>
sealed class DetokenizeReader : EndpointReader<DetokenizeResult>
{
    string? _text;

    internal override DetokenizeResult Result(CallInfo info) => new() { Text = _text!, Info = info, AdditionalProperties = Additional };

    private protected override bool Member(ref Utf8JsonReader reader)
    {
        if (!reader.ValueTextEquals("prompt"u8)) return false;
        _text = Json.String(ref reader);
        HasAnswer = _text is not null;
        return true;
    }
}
