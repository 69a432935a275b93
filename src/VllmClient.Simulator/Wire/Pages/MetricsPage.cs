using System.Globalization;
using System.Text;

namespace Vllm.Simulator.Wire;

/// <summary>The page <c>/metrics</c>: vLLM's series in vLLM's order, filled with the server's figures.</summary>
static class MetricsPage
{
    const string Type = "# TYPE http_";

    // A line is a comment, a series with a value of its own, or a series to fill.
    static readonly string[] Lines = Load();

    public static byte[] Render(ServerCounters counters, SimulatorOptions options, DateTimeOffset created)
    {
        var text = new StringBuilder(64 * 1024);
        var name = PageNumber.Escape(options.Model);
        var start = PageNumber.Of(created);
        var edge = 0;
        foreach (var line in Lines)
        {
            text.Append(line.Contains('$', StringComparison.Ordinal) ? Fill(line, name, options) : line);
            if (line.Length > 0 && line[0] != '#' && !line.Contains(' ', StringComparison.Ordinal))
            {
                text.Append(' ').Append(Value(line, counters, start, ref edge));
            }

            text.Append('\n');
            if (line.StartsWith(Type, StringComparison.Ordinal))
            {
                counters.Http.Append(text, line.Split(' ')[2], start);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Fill(string line, string model, SimulatorOptions options)
    {
        if (!line.StartsWith("vllm:cache_config_info", StringComparison.Ordinal))
        {
            return line.Replace("$model", model, StringComparison.Ordinal);
        }

        var tokens = (long)options.Blocks * options.BlockSize;
        return line.Replace("$block_size", Text(options.BlockSize), StringComparison.Ordinal)
            .Replace("$blocks", Text(options.Blocks), StringComparison.Ordinal)
            .Replace("$prefix", options.PrefixCache ? "True" : "False", StringComparison.Ordinal)
            .Replace("$bytes", Text(GpuPage.BlockBytes(options)), StringComparison.Ordinal)
            .Replace("$tokens", Text(tokens), StringComparison.Ordinal)
            .Replace("$concurrency", PageNumber.Of((double)tokens / options.MaxModelLen), StringComparison.Ordinal);

        static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    static string Value(string line, ServerCounters counters, string created, ref int edge)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var name = brace < 0 ? line : line[..brace];
        if (name.EndsWith("_created", StringComparison.Ordinal) || name == "process_start_time_seconds")
        {
            edge = 0;
            return created;
        }

        if (Base(name, "_bucket") is { } bucket && counters.Find(bucket) is { } histogram)
        {
            return PageNumber.Of(histogram.Cumulative(edge++));
        }

        if (Base(name, "_count") is { } count && counters.Find(count) is { } counted)
        {
            return PageNumber.Of(counted.Count);
        }

        return Base(name, "_sum") is { } sum && counters.Find(sum) is { } summed
            ? PageNumber.Of(summed.Sum)
            : PageNumber.Of(counters.Value(name, Label(line)));
    }

    static string? Base(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : null;

    /// <summary>The one label that tells series of a name apart.</summary>
    static string? Label(string line)
    {
        foreach (var label in (ReadOnlySpan<string>)["reason", "source", "sleep_state", "finished_reason"])
        {
            var start = line.IndexOf(label + "=\"", StringComparison.Ordinal);
            if (start >= 0 && line[start - 1] is '{' or ',')
            {
                start += label.Length + 2;
                return line[start..line.IndexOf('"', start)];
            }
        }

        return null;
    }

    static string[] Load()
    {
        using var stream = typeof(MetricsPage).Assembly.GetManifestResourceStream("metrics-page.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
