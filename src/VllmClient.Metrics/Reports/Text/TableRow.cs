using System.Text;

namespace Vllm.Reports;

/// <summary>One row of a table whose columns end at fixed places. A cell that is too wide moves its successors, who catch up as soon as they can.</summary>
sealed class TableRow
{
    readonly StringBuilder _text = new();
    int _end;
    int _width;

    public TableRow Left(string cell, int columns) => Add(cell, columns, alignRight: false);

    public TableRow Right(string cell, int columns) => Add(cell, columns, alignRight: true);

    /// <summary>Blank columns before the next cell.</summary>
    public TableRow Skip(int columns)
    {
        _end += columns;
        return this;
    }

    public override string ToString() => _text.ToString();

    TableRow Add(string cell, int columns, bool alignRight)
    {
        var start = alignRight ? _end + columns - DisplayText.Width(cell) : _end;
        var blanks = Math.Max(_text.Length == 0 ? 0 : 1, start - _width);
        _text.Append(' ', blanks).Append(cell);
        _width += blanks + DisplayText.Width(cell);
        _end += columns;
        return this;
    }
}
