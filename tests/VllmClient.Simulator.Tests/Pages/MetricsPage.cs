using System.Globalization;

namespace Vllm.Tests.Pages;

/// <summary>A scraped page: values by series.</summary>
sealed class MetricsPage(string text)
{
    readonly Dictionary<string, double> _values = text.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public string Text => text;

    /// <summary>The series of this full name and labels.</summary>
    public double this[string series] => _values[series];

    /// <summary>The sum over all series of a name.</summary>
    public double Sum(string name) => _values.Where(pair => pair.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(pair => pair.Value);

    /// <summary>The series of a name with this label and value.</summary>
    public double Of(string name, string label, string value) => _values.Single(pair =>
        pair.Key.StartsWith(name + "{", StringComparison.Ordinal) && pair.Key.Contains($"{label}=\"{value}\"", StringComparison.Ordinal)).Value;
}
