using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Load;
using Vllm.Reports;
using Vllm.Statistics;
using Vllm.Testing;

namespace Vllm.Tests.Reports;

/// <summary>The definitions name the keys and instruments that there are, and no others.</summary>
public sealed partial class MeasuringDocumentTests
{
    // Part of the public API, but no report fills them yet, so no document promises them.
    static readonly string[] NotFilledYet =
    [
        "goodShare", "meanLow", "meanHigh", "completedPerSecondLow", "completedPerSecondHigh", "outputTokensPerSecondLow", "outputTokensPerSecondHigh", "shard",
    ];

    static readonly string Document = File.ReadAllText(RepositoryFiles.Path("docs", "measuring.md"));

    static readonly string KeySection = Document[Document.IndexOf("<a id=\"keys\">", StringComparison.Ordinal)..Document.IndexOf("<a id=\"example\">", StringComparison.Ordinal)];

    [Theory]
    [InlineData(typeof(PhaseReport))]
    [InlineData(typeof(Distribution<TimeSpan>))]
    [InlineData(typeof(Quantile<TimeSpan>))]
    [InlineData(typeof(Slice))]
    [InlineData(typeof(ObjectiveResult))]
    [InlineData(typeof(GeneratorHealth))]
    [InlineData(typeof(StepReport))]
    [InlineData(typeof(ErrorCount))]
    public void Every_key_of_a_figure_is_listed(Type type) => Keys(type).Except(Words(KeySection)).Except(NotFilledYet).ShouldBeEmpty();

    [Fact]
    public void Every_key_listed_is_one_of_the_report()
    {
        string[] values = ["Seconds", "total", "phases", "warmUp", "slices", "objectives", "health", "steps", "errors", "pacer", "pool", "timer"];
        Type[] types = [typeof(PhaseReport), typeof(Distribution<TimeSpan>), typeof(Quantile<TimeSpan>), typeof(Slice), typeof(ObjectiveResult), typeof(GeneratorHealth), typeof(StepReport), typeof(ErrorCount)];

        Words(KeySection).Except(values).Except(types.SelectMany(Keys)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_key_that_a_definition_names_is_one_of_the_report()
    {
        var known = Keys(typeof(PhaseReport)).Concat(Keys(typeof(Distribution<TimeSpan>))).Concat(Keys(typeof(GeneratorHealth))).Concat(Keys(typeof(LoadReport)))
            .Concat(JsonDocument.Parse(Json(FixedReports.Classic() with { Turns = [new()] })).RootElement.GetProperty("turns").EnumerateObject().Select(column => column.Name));

        var named = NamedKeys().Matches(Document).SelectMany(match => Words(match.Value)).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(25);
        named.Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Every_instrument_that_a_definition_names_is_live()
    {
        var live = typeof(VllmTelemetry.Instruments).GetFields().Select(field => (string)field.GetRawConstantValue()!).Concat(LiveOfRuns()).ToList();

        var named = Instrument().Matches(Document).Select(match => match.Groups[1].Value).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(10);
        named.Except(live).ShouldBeEmpty();
    }

    [Fact]
    public void What_no_document_promises_is_empty_in_a_report()
    {
        var report = JsonDocument.Parse(Json(new FilledReport().Report)).RootElement;

        foreach (var phase in report.GetProperty("phases").EnumerateArray().Append(report.GetProperty("total")))
        {
            phase.EnumerateObject().Where(figure => NotFilledYet.Contains(figure.Name)).ShouldAllBe(figure => figure.Value.ValueKind == JsonValueKind.Null);
        }
    }

    static List<string> LiveOfRuns()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory)) names.Add(instrument.Name);
            },
        };
        listener.Start();
        InstrumentsOfRuns.Of(factory);
        return names;
    }

    static byte[] Json(LoadReport report)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(stream, report, new() { Turns = true });
        return stream.ToArray();
    }

    static IEnumerable<string> Keys(Type type) => ReportJson.Indented.Options.GetTypeInfo(type).Properties.Where(property => property.Get is not null).Select(property => property.Name);

    static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>A small run with everything that runs have.</summary>
    sealed class FilledReport
    {
        public LoadReport Report { get; } = Run();

        static LoadReport Run()
        {
            var clock = new Load.TestClock();
            var plan = new LoadPlan { Phases = [LoadPhase.Users(2, 40), LoadPhase.Rate(10, TimeSpan.FromSeconds(30))], Objectives = [Objective.FailedShare(0.1)] };
            return clock.Run(() => new LoadRunner(new() { TimeProvider = clock }).RunAsync(plan, async (turn, token) =>
            {
                await clock.Delay(20, token);
                turn.ReportFirstToken();
                turn.ReportChunk(3);
                await clock.Delay(20, token);
                turn.ReportChunk(3);
                turn.ReportUsage(5, 6, 1);
            }));
        }
    }

    [GeneratedRegex("`([a-zA-Z][a-zA-Z0-9]*)`")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b[Kk]eys?:? (?:`[a-zA-Z0-9]+`(?: \([^)]*\))?(?:, over |, and |, | and )?)+")]
    private static partial Regex NamedKeys();

    [GeneratedRegex(@"`((?:gen_ai|vllm)\.(?:client|load|resource)\.[\w.]+)`")]
    private static partial Regex Instrument();
}
