using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Load;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>The document that users read is the meter that runs: probe and load runs.</summary>
public sealed partial class ResourceDocumentTests
{
    [Fact]
    public void The_document_lists_exactly_the_live_instruments_with_unit_kind_and_description()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var live = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, provider.GetRequiredService<IMeterFactory>())) live.Add($"{instrument.Name} | {instrument.Unit} | {Kind(instrument)} | {instrument.Description}");
            },
        };
        listener.Start();

        InstrumentsOfResources.Of(provider.GetRequiredService<IMeterFactory>());
        InstrumentsOfRuns.Of(provider.GetRequiredService<IMeterFactory>());

        var documented = Row().Matches(File.ReadAllText(RepositoryFiles.Path("docs", "metrics.md"))).Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value} | {row.Groups[4].Value}").ToList();
        documented.Count.ShouldBe(33);
        documented.ShouldBe(live);
    }

    static string Kind(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.Contains("UpDown", StringComparison.Ordinal) ? "up-down counter" : name.Contains("Gauge", StringComparison.Ordinal) ? "gauge" : "counter";
    }

    [GeneratedRegex(@"^\| `([\w.]+)` \| `([^`]+)` \| (counter|up-down counter|gauge) \| (.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
