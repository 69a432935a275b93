using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vllm.Load;
using Vllm.Reports;
using Vllm.Testing;

namespace Vllm.Tests.Reports;

public sealed partial class ReportJsonTests
{
    public static TheoryData<string> Names() => [.. FixedReports.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_report_read_back_writes_the_same_bytes_and_prints_the_same_text(string name)
    {
        var report = FixedReports.Named(name);

        var back = Read(report.ToJson());

        back.ToJson().ShouldBe(report.ToJson());
        Text(back).ShouldBe(Text(report));
        back.Total.Duration?.Mean.ShouldBe(report.Total.Duration?.Mean);
        back.StartedAt.ShouldBe(report.StartedAt);
        back.Plan.Phases.ShouldBe(report.Plan.Phases);
        back.Plan.Objectives.ShouldBe(report.Plan.Objectives);
        back.Environment.ShouldBe(report.Environment);
        back.Classic.ShouldBe(report.Classic);
        back.Errors.ShouldBe(report.Errors);
        back.Slices.ShouldBe(report.Slices);
        back.Slowest.ShouldBe(report.Slowest);
    }

    [Fact]
    public void Keys_end_in_their_unit_and_absent_figures_are_null()
    {
        var json = JsonNode.Parse(FixedReports.Classic().ToJson())!.AsObject();

        json["schema"]!.GetValue<string>().ShouldBe("vllm-load/1");
        json["durationSeconds"]!.ToJsonString().ShouldBe("16.5");
        json["startedAt"]!.GetValue<string>().ShouldBe("2026-11-24T08:00:00Z");
        json["verdict"]!.GetValue<string>().ShouldBe("notEnoughEvidence");
        json["total"]!["timeToFirstTokenSeconds"]!["mean"]!.GetValue<double>().ShouldBe(0.04268);
        json["total"]!["timeToFirstTokenSeconds"]!["p99"].ShouldBeNull();
        json["total"]!.AsObject().ContainsKey("goodShare").ShouldBeTrue();
        json["total"]!["inputLength"]!["mean"]!.GetValue<double>().ShouldBe(501.06);
        json["total"]!["chunkGapSeconds"]!["histogram"]!.ToJsonString().ShouldBe("[[1600,26000],[1711,32]]");
        json["slices"]![0]!["timeToFirstTokenP50Seconds"]!.ToJsonString().ShouldBe("0.0418001");
        json["plan"]!["phases"]![0]!["kind"]!.GetValue<string>().ShouldBe("users");
        json["turns"].ShouldBeNull();
        json.ContainsKey("turns").ShouldBeTrue();
    }

    [Fact]
    public void Each_line_of_the_classic_script_has_the_key_that_the_document_names()
    {
        var keys = ClassicRow().Matches(File.ReadAllText(RepositoryFiles.Path("docs", "measuring.md"))).Select(row => row.Groups[1].Value).ToList();
        var json = JsonNode.Parse((FixedReports.Classic() with { Total = FixedReports.Worked() }).ToJson())!["classic"]!.AsObject();

        keys.Count.ShouldBe(11);
        json.Select(pair => pair.Key).ShouldBe([.. keys, "failedRequests", "requestsWithoutUsage"]);
        json.Select(pair => Math.Round(pair.Value!.GetValue<double>(), 3)).ShouldBe([4, 0.278, 0.5, 0.1, 100, 74, 18.5, 174, 156.757, 14_829.545, 0.704, 1, 0]);
    }

    [Fact]
    public void What_no_turn_brought_is_null_in_the_classic_figures_and_not_0()
    {
        var json = JsonNode.Parse(FixedReports.Empty().ToJson())!["classic"]!.AsObject();

        json.Where(pair => pair.Value is not null).Select(pair => pair.Key).ShouldBe(["requests", "failedRequests", "requestsWithoutUsage"]);
    }

    [Theory]
    [InlineData(1, "0.0000001")]
    [InlineData(-1, "-0.0000001")]
    [InlineData(0, "0")]
    [InlineData(12_345_678, "1.2345678")]
    [InlineData(long.MaxValue, "922337203685.4775807")]
    [InlineData(long.MinValue, "-922337203685.4775808")]
    public void Times_are_exact_to_the_tick(long ticks, string expected)
    {
        var json = (FixedReports.Empty() with { Duration = new(ticks) }).ToJson();

        json.ShouldContain($"\"durationSeconds\": {expected},");
        Read(json).Duration.Ticks.ShouldBe(ticks);
    }

    [Fact]
    public void Output_has_no_mark_and_no_carriage_return_and_keeps_chinese_readable()
    {
        using var stream = new MemoryStream();
        FixedReports.Phases().WriteJson(stream);

        var bytes = stream.ToArray();
        bytes[0].ShouldBe((byte)'{');
        bytes.ShouldNotContain((byte)'\r');
        Encoding.UTF8.GetString(bytes).ShouldContain("介绍一下广义相对论");
    }

    [Fact]
    public void Turns_are_written_only_when_asked_for_and_come_back_equal()
    {
        TurnRecord[] turns =
        [
            new() { Index = 0, Due = 10, Begun = 11, Sent = 12, FirstContent = 13, LastContent = 14, Ended = 15, InputTokens = 7, OutputTokens = 0, Chunks = 3, User = 1, Phase = 255, Attempts = 1, Calls = 1, LongestGap = 9, CachedTokens = 0, FirstChunkTokens = 2 },
            new() { Index = long.MaxValue, Due = 20, Outcome = TurnOutcome.Dropped, ErrorIndex = 1 },
        ];
        var report = FixedReports.Classic() with { Turns = turns };

        report.ToJson().ShouldBe(FixedReports.Classic().ToJson());
        Read(report.ToJson(new() { Turns = true, Indented = false })).Turns.ShouldBe(turns);
    }

    [Fact]
    public void Unknown_fields_are_ignored()
    {
        var json = JsonNode.Parse(FixedReports.Classic().ToJson())!.AsObject();
        json["later"] = new JsonObject { ["deep"] = new JsonArray(1, 2, 3) };
        json["total"]!["later"] = "x";

        Read(json.ToJsonString()).ToJson().ShouldBe(FixedReports.Classic().ToJson());
    }

    [Theory]
    [InlineData("""{"schema":"vllm-load/2","phases":7}""", "vllm-load/2 comes from a newer version; this one reads 1")]
    [InlineData("""{"schema":"other/1"}""", "$.schema is \"other/1\"")]
    [InlineData("""{"schema":1}""", "no load report")]
    [InlineData("""{"later":{"schema":"vllm-load/1"}}""", "$.schema is missing")]
    [InlineData("[]", "object was expected")]
    [InlineData("", "cannot be read at $")]
    [InlineData("""{"schema":"vllm-load/1"}""", "cannot be read")]
    public void What_is_no_report_of_this_version_is_refused_in_words(string json, string message) =>
        Should.Throw<FormatException>(() => Read(json)).Message.ShouldContain(message);

    [Theory]
    [InlineData("\"verdict\": \"notEnoughEvidence\"", "\"verdict\": \"splendid\"", "$.verdict")]
    [InlineData("\"verdict\": \"notEnoughEvidence\"", "\"verdict\": 3", "$.verdict")]
    [InlineData("\"durationSeconds\": 16.5", "\"durationSeconds\": 1e300", "$.durationSeconds")]
    [InlineData("\"offered\": 200", "\"offered\": null", "$.total.offered")]
    [InlineData("\"offered\": 200", "\"offered\": 99999999999999999999", "$.total.offered")]
    [InlineData("[\n          1600,", "[\n          -1,", "")]
    [InlineData("\"kind\": \"users\"", "\"kind\": \"swarm\"", "$.plan.phases[0]")]
    [InlineData("\"reasons\": [", "\"reasons\": null, \"x\": [", "$.reasons")]
    public void A_hostile_value_is_refused_naming_its_place(string original, string replacement, string path)
    {
        var json = FixedReports.Classic().ToJson();
        var at = json.IndexOf(original, StringComparison.Ordinal);
        if (at < 0 && path.Length == 0)
            return;
        at.ShouldBeGreaterThanOrEqualTo(0);

        var error = Should.Throw<FormatException>(() => Read(json[..at] + replacement + json[(at + original.Length)..]));

        error.Message.ShouldContain(path);
    }

    [Fact]
    public void Ten_thousand_mutations_give_a_report_or_a_format_error()
    {
        var original = Encoding.UTF8.GetBytes((FixedReports.Classic() with { Turns = [new() { Index = 1, Due = 2 }] }).ToJson(new() { Turns = true, Indented = false }));
        var random = new Random(17);
        var read = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var mutant = Mutate(original, random);
            try
            {
                using var stream = new MemoryStream(mutant);
                Text(LoadReport.FromJson(stream)).ShouldNotBeEmpty();
                read++;
            }
            catch (FormatException)
            {
                // One of the two permitted ends.
            }
        }

        read.ShouldBeGreaterThan(0);
    }

    [GeneratedRegex("""<a id="classic-[a-z-]+"></a>[^|]*\|[^|]*\| `([a-zA-Z]+)` \|""")]
    private static partial Regex ClassicRow();

    static byte[] Mutate(byte[] original, Random random)
    {
        var mutant = original.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(mutant.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutant.RemoveRange(at, Math.Min(random.Next(1, 20), mutant.Count - at));
                    break;
                case 2:
                    mutant.InsertRange(at, mutant.GetRange(at, Math.Min(random.Next(1, 20), mutant.Count - at)));
                    break;
                default:
                    // Digits turn into other digits, so that the file often stays valid JSON with strange values.
                    for (var i = at; i < Math.Min(at + 40, mutant.Count); i++)
                    {
                        if (mutant[i] is >= (byte)'0' and <= (byte)'9')
                            mutant[i] = (byte)('0' + random.Next(10));
                    }

                    break;
            }
        }

        return [.. mutant];
    }

    static LoadReport Read(string json) => LoadReport.FromJson(json);

    static string Text(LoadReport report)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer);
        return writer.ToString();
    }
}
