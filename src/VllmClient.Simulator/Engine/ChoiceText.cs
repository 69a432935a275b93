using System.Text;

namespace Vllm.Simulator.Engine;

/// <summary>The text of one choice, token by token; a function of its settings and nothing else.</summary>
sealed class ChoiceText
{
    readonly TextSettings _settings;
    readonly ulong _hash;
    readonly int _natural;
    readonly StringBuilder? _held;
    readonly int _longestStop;
    int _count;

    public ChoiceText(TextSettings settings, int choice)
    {
        _settings = settings;
        _hash = Mix.Of(settings.Hash, (ulong)choice);
        var span = (ulong)(settings.MaxNatural - settings.MinNatural + 1);
        // The index -1 is no token's, so the length does not follow from the first word.
        _natural = settings.Tokens ?? settings.MinNatural + (int)(Mix.Of(_hash, ulong.MaxValue) % span);
        foreach (var stop in settings.Stops)
        {
            _longestStop = Math.Max(_longestStop, stop.Length);
        }

        _held = _longestStop > 0 ? new StringBuilder() : null;
    }

    public int MaxTokens => _settings.MaxTokens;

    /// <summary>Makes the next token and appends what may be shown of the text, JSON-escaped.</summary>
    public GeneratedToken Next(ByteBuffer shown)
    {
        var index = _count++;
        var ends = !_settings.IgnoreEnd && _count >= Math.Max(_natural, _settings.MinTokens);
        if (ends)
        {
            Release(shown);
            return new GeneratedToken(Vocabulary.MessageEnd, TextEnd.Stop, null, null);
        }

        var token = Token(index);
        if (_count >= _settings.MinTokens && _settings.StopTokens.Contains(token))
        {
            Release(shown);
            return new GeneratedToken(token, TextEnd.Stop, null, token);
        }

        var stop = Show(token, shown);
        var end = stop is not null ? TextEnd.Stop : _count >= _settings.MaxTokens ? TextEnd.Length : TextEnd.None;
        if (end == TextEnd.Length)
        {
            Release(shown);
        }

        return new GeneratedToken(token, end, stop, null);
    }

    int Token(int index)
    {
        var value = Mix.Of(_hash, (ulong)index);
        return _settings.IsChinese
            ? Vocabulary.FirstChinese + (int)(value % Vocabulary.ChineseCharacters)
            : Vocabulary.FirstEnglish + (int)(value % Vocabulary.EnglishWords);
    }

    /// <summary>Shows the token's text, less what could be the beginning of a stop string; the stop string if it is complete.</summary>
    string? Show(int token, ByteBuffer shown)
    {
        if (_held is null)
        {
            shown.Append(Vocabulary.Escaped(token));
            return null;
        }

        _held.Append(Encoding.UTF8.GetString(Vocabulary.Text(token)));
        if (_count >= _settings.MinTokens && FirstStop(out var at) is { } stop)
        {
            _held.Length = _settings.IncludeStop ? at + stop.Length : at;
            Release(shown);
            return stop;
        }

        Release(shown, _longestStop - 1);
        return null;
    }

    string? FirstStop(out int at)
    {
        var text = _held!.ToString();
        at = int.MaxValue;
        string? found = null;
        foreach (var stop in _settings.Stops)
        {
            var index = text.IndexOf(stop, StringComparison.Ordinal);
            if (index >= 0 && index < at)
            {
                at = index;
                found = stop;
            }
        }

        return found;
    }

    void Release(ByteBuffer shown, int keep = 0)
    {
        if (_held is null || _held.Length <= keep)
        {
            return;
        }

        var count = _held.Length - keep;
        shown.AppendEscaped(Encoding.UTF8.GetBytes(_held.ToString(0, count)));
        _held.Remove(0, count);
    }
}
