using System.Globalization;

namespace Vllm.Reports;

/// <summary>Sentences that the library itself put into a report, in the language of the rendering. A report holds them in English, and what others wrote stays as it is.</summary>
static class SentenceText
{
    // Reasons of several sources stand behind one another, and a reason behind what it is about.
    static readonly string[] Joints = ["; ", ": "];

    static readonly Sentence[] Known = [.. Labels.Sentences.Select(pair => new Sentence(pair.English, pair.Chinese))];

    public static string Of(string english, ReportLanguage language) => language == ReportLanguage.Chinese ? Chinese(english) : english;

    static string Chinese(string text)
    {
        foreach (var sentence in Known)
        {
            if (sentence.Match(text) is { } parts)
                return string.Format(CultureInfo.InvariantCulture, sentence.Chinese, [.. parts.Select(Chinese)]);
        }

        foreach (var joint in Joints)
        {
            var at = text.IndexOf(joint, StringComparison.Ordinal);
            if (at > 0)
                return Chinese(text[..at]) + joint + Chinese(text[(at + joint.Length)..]);
        }

        return text;
    }

    sealed class Sentence(string english, string chinese)
    {
        readonly string[] _fixed = english.Split(["{0}", "{1}", "{2}", "{3}", "{4}", "{5}"], StringSplitOptions.None);

        public string Chinese => chinese;

        /// <summary>What stands in the sentence's places; null if the text is another sentence.</summary>
        public string[]? Match(string text)
        {
            if (_fixed is [var whole])
                return text == whole ? [] : null;
            if (!text.StartsWith(_fixed[0], StringComparison.Ordinal) || !text.EndsWith(_fixed[^1], StringComparison.Ordinal))
                return null;
            var parts = new string[_fixed.Length - 1];
            var at = _fixed[0].Length;
            for (var i = 1; i < _fixed.Length - 1; i++)
            {
                var next = text.IndexOf(_fixed[i], at, StringComparison.Ordinal);
                if (next < 0)
                    return null;
                parts[i - 1] = text[at..next];
                at = next + _fixed[i].Length;
            }

            var end = text.Length - _fixed[^1].Length;
            if (end < at)
                return null;
            parts[^1] = text[at..end];
            // What it is about stands before it and is no part of it.
            return _fixed[0].Length == 0 && Joints.Any(joint => parts[0].Contains(joint, StringComparison.Ordinal)) ? null : parts;
        }
    }
}
