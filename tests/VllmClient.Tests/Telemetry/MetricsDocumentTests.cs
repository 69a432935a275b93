using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Telemetry;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>The document that users read is the meter that runs.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public void The_document_lists_exactly_the_live_instruments_with_kind_unit_and_description()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var live = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == VllmTelemetry.MeterName && ReferenceEquals(instrument.Meter.Scope, provider.GetRequiredService<IMeterFactory>()))
                    live.Add($"{instrument.Name} | {Kind(instrument)} | {instrument.Unit} | {instrument.Description}");
            },
        };
        listener.Start();

        VllmInstruments.For(provider.GetRequiredService<IMeterFactory>());

        var documented = Row().Matches(File.ReadAllText(RepositoryFiles.Path("docs", "metrics.md")))
            .Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value} | {row.Groups[4].Value}")
            .ToList();
        documented.Count.ShouldBe(15);
        documented.ShouldBe(live);
    }

    static string Kind(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram" : name.Contains("UpDown", StringComparison.Ordinal) ? "up-down counter" : "counter";
    }

    [GeneratedRegex(@"^\| `((?:gen_ai|vllm)[\w.]+)` \| ([\w -]+) \| `([^`]+)` \| (.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
