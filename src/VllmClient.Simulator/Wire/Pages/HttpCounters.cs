using System.Globalization;
using System.Text;

namespace Vllm.Simulator.Wire;

/// <summary>What the server counts of HTTP when an answer has ended; label sets in the order in which they first came.</summary>
sealed class HttpCounters
{
    static readonly double[] Coarse = [0.1, 0.5, 1];
    static readonly double[] Fine =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];

    readonly Table<Total> _requests = new(static () => new Total());
    readonly Table<Total> _requestBytes = new(static () => new Total());
    readonly Table<Total> _responseBytes = new(static () => new Total());
    readonly Table<Histogram> _durations = new(static () => new Histogram(Coarse));
    readonly Histogram _allDurations = new(Fine);

    /// <summary>Counts an answer.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="seconds">From receipt to the end.</param>
    /// <param name="at">The end.</param>
    public void Add(in HttpAnswer answer, double seconds, DateTimeOffset at)
    {
        _requests.Of(new(answer.Handler, answer.Method, answer.Status / 100), at).Add(0);
        _requestBytes.Of(new(answer.Handler), at).Add(answer.RequestBytes);
        _responseBytes.Of(new(answer.Handler), at).Add(answer.ResponseBytes);
        _durations.Of(new(answer.Handler, answer.Method), at).Add(seconds);
        _allDurations.Add(seconds);
    }

    /// <summary>Appends the series that belong below the page's type line of this name.</summary>
    public void Append(StringBuilder page, string name, string start)
    {
        switch (name)
        {
            case "http_requests_total":
                foreach (var (labels, total, _) in _requests.Rows)
                {
                    Line(page, name, labels.Text(), total.Count);
                }

                break;
            case "http_request_duration_seconds":
                foreach (var (labels, histogram, _) in _durations.Rows)
                {
                    Buckets(page, name, labels, histogram);
                }

                break;
            case "http_request_size_bytes": Sizes(page, name, _requestBytes); break;
            case "http_response_size_bytes": Sizes(page, name, _responseBytes); break;
            case "http_request_duration_highr_seconds": Buckets(page, name, default, _allDurations); break;
            case "http_request_duration_highr_seconds_created": page.Append(name).Append(' ').Append(start).Append('\n'); break;
            case "http_requests_created": Created(page, name, _requests); break;
            case "http_request_size_bytes_created": Created(page, name, _requestBytes); break;
            case "http_response_size_bytes_created": Created(page, name, _responseBytes); break;
            default: Created(page, name, _durations); break;
        }
    }

    static void Sizes(StringBuilder page, string name, Table<Total> table)
    {
        foreach (var (labels, total, _) in table.Rows)
        {
            Line(page, name + "_count", labels.Text(), total.Count);
            Line(page, name + "_sum", labels.Text(), total.Sum);
        }
    }

    static void Created<T>(StringBuilder page, string name, Table<T> table)
    {
        foreach (var (labels, _, created) in table.Rows)
        {
            page.Append(name).Append(labels.Text()).Append(' ').Append(PageNumber.Of(created)).Append('\n');
        }
    }

    static void Buckets(StringBuilder page, string name, in Labels labels, Histogram histogram)
    {
        for (var i = 0; i <= histogram.Edges.Count; i++)
        {
            var edge = i < histogram.Edges.Count ? PageNumber.Of(histogram.Edges[i]) : "+Inf";
            Line(page, name + "_bucket", labels.Text(edge), histogram.Cumulative(i));
        }

        Line(page, name + "_count", labels.Text(), histogram.Count);
        Line(page, name + "_sum", labels.Text(), histogram.Sum);
    }

    static void Line(StringBuilder page, string name, string labels, double value) =>
        page.Append(name).Append(labels).Append(' ').Append(PageNumber.Of(value)).Append('\n');

    sealed class Total
    {
        public long Count { get; private set; }

        public long Sum { get; private set; }

        public void Add(long value)
        {
            Count++;
            Sum += value;
        }
    }

    sealed class Table<T>(Func<T> make)
    {
        readonly Dictionary<Labels, T> _values = [];

        public List<(Labels Labels, T Value, DateTimeOffset Created)> Rows { get; } = [];

        public T Of(in Labels labels, DateTimeOffset at)
        {
            if (!_values.TryGetValue(labels, out var value))
            {
                _values.Add(labels, value = make());
                Rows.Add((labels, value, at));
            }

            return value;
        }
    }

    readonly record struct Labels(string? Handler, string? Method = null, int? Status = null)
    {
        /// <summary>The labels in alphabetical order, in braces; empty if there are none.</summary>
        public string Text(string? edge = null)
        {
            var parts = new List<string>(4);
            Add("handler", Handler);
            Add("le", edge);
            Add("method", Method);
            Add("status", Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status}xx") : null);
            return parts.Count == 0 ? string.Empty : "{" + string.Join(',', parts) + "}";

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    parts.Add($"{name}=\"{PageNumber.Escape(value)}\"");
                }
            }
        }
    }
}

/// <summary>An answer as the HTTP layer sees it.</summary>
/// <param name="Handler">The route, or <c>none</c>.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="RequestBytes">The request's content length.</param>
/// <param name="ResponseBytes">The answer's content length, 0 for a stream.</param>
readonly record struct HttpAnswer(string Handler, string Method, int Status, long RequestBytes, long ResponseBytes);
