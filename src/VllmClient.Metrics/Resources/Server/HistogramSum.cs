namespace Vllm.Resources;

/// <summary>Sums a histogram's series over its label sets, as long as all have the same bounds.</summary>
sealed class HistogramSum
{
    readonly List<double> _bounds = [];
    readonly List<double> _counts = [];
    double[]? _shown;
    double _last = double.PositiveInfinity;
    int _sets;
    int _place;
    bool _differ;
    double _sum;
    double _count;

    public bool Seen { get; private set; }

    public void Clear()
    {
        _bounds.Clear();
        _counts.Clear();
        (_last, _sets, _place, _differ, _sum, _count, Seen) = (double.PositiveInfinity, 0, 0, false, 0, 0, false);
    }

    /// <summary>Takes one line: the part of the name behind the histogram's own, and the bound if it is a bucket.</summary>
    public void Add(ReadOnlySpan<byte> part, ReadOnlySpan<byte> bound, double value)
    {
        if (part.SequenceEqual("_sum"u8)) _sum += value;
        else if (part.SequenceEqual("_count"u8)) (_count, Seen) = (_count + value, true);
        else if (part.SequenceEqual("_bucket"u8) && PrometheusReader.TryValue(bound, out var edge)) AddBucket(edge, value);
    }

    // Bounds ascend within a label set, so one that does not begins the next set.
    void AddBucket(double edge, double value)
    {
        if (edge <= _last)
        {
            _differ |= _sets > 0 && _place != _bounds.Count;
            _sets++;
            _place = 0;
        }

        _last = edge;
        if (_sets == 1)
        {
            _bounds.Add(edge);
            _counts.Add(value);
        }
        else if (_place < _bounds.Count && _bounds[_place].Equals(edge)) _counts[_place] += value;
        else _differ = true;
        _place++;
    }

    public ServerHistogram? Result()
    {
        if (!Seen) return null;
        var whole = PageNumbers.Whole(_count);
        if (whole is null || !double.IsFinite(_sum)) return null;
        var isUsable = !_differ && _place == _bounds.Count && _bounds.Count > 0 && double.IsPositiveInfinity(_bounds[^1]);
        if (!isUsable) return new() { Count = whole.Value, Sum = _sum };
        // Bounds never change while a server runs, so that one array serves all samples.
        if (_shown is null || !_shown.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bounds))) _shown = [.. _bounds];
        var counts = new long[_counts.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            if (PageNumbers.Whole(_counts[i]) is not { } count || (i > 0 && count < counts[i - 1])) return new() { Count = whole.Value, Sum = _sum };
            counts[i] = count;
        }

        return new() { Count = whole.Value, Sum = _sum, UpperBounds = _shown, CumulativeCounts = counts };
    }
}
