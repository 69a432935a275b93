using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>What the last event of a stream looked like around its text. The next event mostly equals it but for the text, and then needs no JSON reader.</summary>
/// <remarks>
/// Exact, not a guess: the bytes before and after the text are compared with those of an event that was read in full, and what
/// stands between them must be one JSON string and nothing more, so an event that matches has the same structure.
/// </remarks>
sealed class EventTemplate
{
    static readonly SearchValues<byte> NeedsReader = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(value => (byte)value)]);

    // No event of a server has more around its text; what has is not worth keeping for the life of the stream.
    const int LargestAround = 16 * 1024;

    byte[] _around = [];
    int _before;
    int _after;
    int _pieces;
    int _start;
    int _end;
    bool _isReasoning;

    /// <summary>Forgets what was seen; a piece of text that is read from now on belongs to the next event.</summary>
    internal void Begin()
    {
        _pieces = 0;
        _before = 0;
    }

    /// <summary>A piece of text that is not empty was read.</summary>
    /// <param name="start">Where its first byte stands in the event, after the quote.</param>
    /// <param name="length">Its bytes as they stand there.</param>
    /// <param name="isReasoning">Whether it is reasoning.</param>
    internal void See(int start, int length, bool isReasoning)
    {
        _pieces++;
        _start = start;
        _end = start + length;
        _isReasoning = isReasoning;
    }

    /// <summary>Keeps the event as the pattern of those that follow, if it brought one piece of text for one choice and nothing else.</summary>
    internal void Learn(ReadOnlySpan<byte> json, AnswerEvent seen)
    {
        if (_pieces != 1 || json.Length - (_end - _start) > LargestAround || !IsPlain(seen)) return;
        _before = _start;
        _after = json.Length - _end;
        if (_around.Length < _before + _after) _around = new byte[_before + _after + 64];
        json[.._before].CopyTo(_around);
        json[_end..].CopyTo(_around.AsSpan(_before));
    }

    /// <summary>Reads an event that equals the last one but for its text; false if it does not.</summary>
    /// <exception cref="JsonException">The text is no JSON string.</exception>
    internal bool TryRead(ReadOnlySpan<byte> json, AnswerEvent target, bool discardText)
    {
        var length = json.Length - _before - _after;
        if (_before == 0 || length <= 0) return false;
        if (!json[.._before].SequenceEqual(_around.AsSpan(0, _before))) return false;
        if (!json[^_after..].SequenceEqual(_around.AsSpan(_before, _after))) return false;
        var raw = json.Slice(_before, length);
        string? text;
        if (raw.ContainsAny(NeedsReader))
        {
            // Read with the quotes around it. A quote inside ends the string early, and then the event has another structure.
            var reader = new Utf8JsonReader(json.Slice(_before - 1, length + 2), isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.BytesConsumed != length + 2) return false;
            length = JsonText.Length(ref reader);
            text = discardText ? null : JsonText.Read(ref reader);
        }
        else
        {
            text = discardText ? null : Encoding.UTF8.GetString(raw);
        }

        if (_isReasoning) (target[0].Reasoning, target[0].ReasoningLength) = (text, length);
        else (target[0].Text, target[0].TextLength) = (text, length);
        return true;
    }

    static bool IsPlain(AnswerEvent seen) =>
        seen is { ChoiceCount: 1, IsRare: false, Error: null, PromptLogprobs: null, PromptText: null, KvTransferParams: null, Additional: null }
        && seen[0] is
        {
            Role: null, ToolCalls: null, FinishReason: null, StopReason: null, TokenIds: null, PromptTokenIds: null,
            Logprobs: null, PromptLogprobs: null, Refusal: null,
        };
}
