using System.Buffers.Text;

namespace Vllm.Resources;

/// <summary>Whether a page's series of this name is wanted; asked before anything else of its line is read.</summary>
delegate bool WantedName(ReadOnlySpan<byte> name);

/// <summary>Where a label stands in its page.</summary>
readonly record struct LabelPlace(int NameStart, int NameEnd, int ValueStart, int ValueEnd);

/// <summary>What the TYPE line says of a series.</summary>
enum SeriesKind
{
    Unknown,
    Counter,
    Gauge,
    Histogram,
    Summary,
}

/// <summary>Reads a metrics page (Prometheus text 0.0.4 and 1.0.0, OpenMetrics 1.0) series by series; no content makes it throw.</summary>
ref struct PrometheusReader(ReadOnlySpan<byte> page, Span<LabelPlace> places, WantedName? wanted = null)
{
    public const int MaxLabels = 64;
    public const int MaxSeries = 10_000;
    const int MaxLine = 64 * 1024;

    readonly ReadOnlySpan<byte> _page = page;
    readonly Span<LabelPlace> _places = places;
    ReadOnlySpan<byte> _family = default;
    SeriesKind _familyKind = SeriesKind.Unknown;
    int _position = 0;
    int _labels = 0;
    int _series = 0;

    public ReadOnlySpan<byte> Name { get; private set; } = default;

    public double Value { get; private set; } = 0;

    /// <summary>Lines that were not understood, among those of wanted names.</summary>
    public int SkippedLines { get; private set; } = 0;

    public readonly int LabelCount => _labels;

    /// <summary>What the page's TYPE line says of the series' family.</summary>
    public readonly SeriesKind Kind => IsOfFamily() ? _familyKind : SeriesKind.Unknown;

    public readonly ReadOnlySpan<byte> LabelName(int i) => _page[_places[i].NameStart.._places[i].NameEnd];

    /// <summary>A label's value as it stands in the page, escapes and all.</summary>
    public readonly ReadOnlySpan<byte> RawLabelValue(int i) => _page[_places[i].ValueStart.._places[i].ValueEnd];

    /// <summary>A label's raw value, empty if there is none.</summary>
    public readonly ReadOnlySpan<byte> RawLabel(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _labels; i++)
            if (LabelName(i).SequenceEqual(name)) return RawLabelValue(i);
        return default;
    }

    /// <summary>Goes to the next wanted series with a value. NaN is the page's word for none.</summary>
    public bool MoveNext()
    {
        while (_position < _page.Length)
        {
            var start = _position;
            var length = _page[start..].IndexOf((byte)'\n');
            _position = length < 0 ? _page.Length : start + length + 1;
            var end = length < 0 ? _page.Length : start + length;
            if (end > start && _page[end - 1] == '\r') end--;
            if (IsSeries(start, end, out var isEnd)) return true;
            if (isEnd) return false;
        }

        return false;
    }

    bool IsSeries(int start, int end, out bool isEnd)
    {
        isEnd = false;
        var line = new PrometheusLine(_page[..end], start);
        line.SkipBlanks();
        if (line.AtEnd) return false;
        if (line.Peek() == '#')
        {
            isEnd = _page[line.Position..end].SequenceEqual("# EOF"u8);
            if (!isEnd) ReadType(ref line);
            return false;
        }

        if (!line.TryName(out var nameStart, out var nameEnd) && line.Peek() != '{') return Skip();
        if (nameEnd > nameStart && wanted is not null && !wanted(_page[nameStart..nameEnd])) return false;
        if (end - start > MaxLine || !line.TryLabels(_places, out _labels, ref nameStart, ref nameEnd) || nameEnd == nameStart) return Skip();
        Name = _page[nameStart..nameEnd];
        if (wanted is not null && !wanted(Name)) return false;
        if (!TryValue(line.Word(), out var value)) return Skip();
        if (double.IsNaN(value)) return false;
        if (++_series > MaxSeries) return Skip();
        Value = value;
        return true;
    }

    bool Skip()
    {
        SkippedLines++;
        return false;
    }

    void ReadType(ref PrometheusLine line)
    {
        line.Word();
        if (!line.Word().SequenceEqual("TYPE"u8)) return;
        _family = line.Word();
        if (_family.Length > 1 && _family[0] == '"') _family = _family[1..^1];
        var kind = line.Word();
        _familyKind = kind.SequenceEqual("counter"u8) ? SeriesKind.Counter
            : kind.SequenceEqual("gauge"u8) ? SeriesKind.Gauge
            : kind.SequenceEqual("histogram"u8) ? SeriesKind.Histogram
            : kind.SequenceEqual("summary"u8) ? SeriesKind.Summary
            : SeriesKind.Unknown;
    }

    readonly bool IsOfFamily()
    {
        if (_family.IsEmpty || !Name.StartsWith(_family)) return false;
        var rest = Name[_family.Length..];
        return rest.IsEmpty || rest.SequenceEqual("_bucket"u8) || rest.SequenceEqual("_sum"u8) || rest.SequenceEqual("_count"u8)
            || rest.SequenceEqual("_total"u8) || rest.SequenceEqual("_created"u8);
    }

    /// <summary>A value, or the bound of a bucket.</summary>
    public static bool TryValue(ReadOnlySpan<byte> word, out double value)
    {
        var rest = word.Length > 1 && word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        if (Is(rest, "inf"u8) || Is(rest, "infinity"u8))
        {
            value = word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (Is(word, "nan"u8))
        {
            value = double.NaN;
            return true;
        }

        return Utf8Parser.TryParse(word, out value, out var used) && used == word.Length && double.IsFinite(value);
    }

    static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> expected) => System.Text.Ascii.EqualsIgnoreCase(word, expected);
}
