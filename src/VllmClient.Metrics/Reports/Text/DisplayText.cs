using System.Globalization;
using System.Text;

namespace Vllm.Reports;

/// <summary>Text as a terminal shows it: how wide it is, and what of it is safe to print.</summary>
static class DisplayText
{
    // East Asian Wide and Fullwidth blocks, and the emoji that terminals draw over two columns.
    static readonly (int First, int Last)[] WideRanges =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x25FD, 0x25FE), (0x2614, 0x2615),
        (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6),
        (0x16FE0, 0x18DFF), (0x1AFF0, 0x1B2FF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Width(text))) + text;

    /// <summary>Text of foreign origin in one line of at most so many columns: control, format and bidirectional characters become '?'.</summary>
    public static string Clean(string text, int width)
    {
        var cleaned = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsSafe(rune) ? rune : new Rune('?');
            used += Width(shown);
            // Marks take no column; without the second limit a name made of them would have no end.
            if (used > width || cleaned.Length > 4 * width)
                return Shorten(cleaned, width);
            cleaned.Append(shown);
        }

        return cleaned.ToString();
    }

    /// <summary>Breaks text at blanks into lines of at most so many columns; a longer word, or Chinese without blanks, is cut.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Pieces(w, width)))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        if (line.Length > 0)
            yield return line;
    }

    static IEnumerable<string> Pieces(string word, int width)
    {
        var piece = new StringBuilder();
        var used = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            if (used + Width(rune) > width)
            {
                yield return piece.ToString();
                piece.Clear();
                used = 0;
            }

            piece.Append(rune);
            used += Width(rune);
        }

        yield return piece.ToString();
    }

    static string Shorten(StringBuilder cleaned, int width)
    {
        var text = cleaned.ToString();
        while (text.Length > 0 && (Width(text) + 3 > width || text.Length > 4 * width))
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text + "...";
    }

    static int Width(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            return 0;
        foreach (var (first, last) in WideRanges)
        {
            if (rune.Value < first)
                return 1;
            if (rune.Value <= last)
                return 2;
        }

        return 1;
    }

    static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
