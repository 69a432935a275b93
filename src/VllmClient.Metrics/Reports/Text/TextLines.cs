namespace Vllm.Reports;

/// <summary>Writes lines of at most 100 columns: a label column of 20, and text that continues below its beginning.</summary>
sealed class TextLines(TextWriter writer)
{
    public const int Columns = 100;
    public const int LabelColumns = 20;

    bool _started;

    public void Line(string text)
    {
        _started = true;
        writer.Write(text.TrimEnd(' '));
        // Always the same bytes, whatever the platform and the writer's own setting.
        writer.Write('\n');
    }

    /// <summary>An empty line between sections; none before the first.</summary>
    public void Gap()
    {
        if (_started)
            Line("");
    }

    public void Labelled(string label, string text)
    {
        var prefix = DisplayText.PadRight(label, LabelColumns);
        if (DisplayText.Width(prefix) > LabelColumns)
            prefix += "  ";
        Indented(prefix, text);
    }

    /// <summary>Parts that belong together are not broken: two blanks stand between them, and a line ends only there.</summary>
    public void Parts(string label, params IEnumerable<string> parts)
    {
        var line = DisplayText.PadRight(label, LabelColumns);
        var isEmpty = true;
        foreach (var part in parts)
        {
            if (!isEmpty && DisplayText.Width(line) + 2 + DisplayText.Width(part) > Columns)
            {
                Line(line);
                line = new string(' ', LabelColumns);
                isEmpty = true;
            }

            line += isEmpty ? part : "  " + part;
            isEmpty = false;
        }

        Line(line);
    }

    /// <summary>Text behind a prefix; what does not fit goes on below, as far to the right.</summary>
    public void Indented(string prefix, string text)
    {
        var indent = DisplayText.Width(prefix);
        var first = prefix;
        if (indent + DisplayText.Width(text) <= Columns)
        {
            Line(first + text);
            return;
        }

        foreach (var piece in DisplayText.Wrap(text, Columns - indent))
        {
            Line(first + piece);
            first = new string(' ', indent);
        }
    }

    /// <summary>Two texts, the second from column 40 on if both fit, else in a line of its own.</summary>
    public void Sides(string left, string right)
    {
        var start = Math.Max(40, DisplayText.Width(left) + 2);
        if (right.Length == 0 || start + DisplayText.Width(right) <= Columns)
        {
            Line(DisplayText.PadRight(left, start) + right);
            return;
        }

        Indented("", left);
        Indented("  ", right);
    }
}
