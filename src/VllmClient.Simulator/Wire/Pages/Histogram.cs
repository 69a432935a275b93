namespace Vllm.Simulator.Wire;

/// <summary>A Prometheus histogram.</summary>
sealed class Histogram(double[] edges)
{
    readonly long[] _counts = new long[edges.Length + 1];

    public IReadOnlyList<double> Edges => edges;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Add(double value)
    {
        var i = 0;
        while (i < edges.Length && value > edges[i])
        {
            i++;
        }

        _counts[i]++;
        Count++;
        Sum += value;
    }

    /// <summary>Observations at or below the edge with this place.</summary>
    public long Cumulative(int edge)
    {
        var total = 0L;
        for (var i = 0; i <= edge; i++)
        {
            total += _counts[i];
        }

        return total;
    }
}
