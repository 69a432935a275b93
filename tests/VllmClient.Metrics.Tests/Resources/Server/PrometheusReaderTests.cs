using System.Globalization;
using System.Text;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

public class PrometheusReaderTests
{
    static (List<string> Series, int Skipped) Read(ReadOnlySpan<byte> page, WantedName? wanted = null)
    {
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels], wanted);
        var series = new List<string>();
        while (reader.MoveNext())
        {
            var text = new StringBuilder(Encoding.UTF8.GetString(reader.Name));
            for (var i = 0; i < reader.LabelCount; i++) text.Append(CultureInfo.InvariantCulture, $" {Encoding.UTF8.GetString(reader.LabelName(i))}={PrometheusLine.Unescape(reader.RawLabelValue(i))}");
            series.Add(text.Append(CultureInfo.InvariantCulture, $" {reader.Value} {reader.Kind}").ToString());
        }

        return (series, reader.SkippedLines);
    }

    static (List<string> Series, int Skipped) Read(string page) => Read(Encoding.UTF8.GetBytes(page));

    [Theory]
    [InlineData("a 1", "a 1 Unknown")]
    [InlineData("a{} 1", "a 1 Unknown")]
    [InlineData("a{b=\"c\"} 1", "a b=c 1 Unknown")]
    [InlineData("a{b=\"c\",} 1", "a b=c 1 Unknown")]
    [InlineData("  a { b = \"c\" , d=\"e\" }\t1.5e3  1700000000", "a b=c d=e 1500 Unknown")]
    [InlineData("a:b 1 # {trace_id=\"x\"} 0.5", "a:b 1 Unknown")]
    [InlineData("a{b=\"x\\\\y\\\"z\\n}\"} 1", "a b=x\\y\"z\n} 1 Unknown")]
    [InlineData("{\"a.b\",c=\"d\"} 1", "a.b c=d 1 Unknown")]
    [InlineData("a{\"b.c\"=\"d\"} 1", "a b.c=d 1 Unknown")]
    [InlineData("a +Inf\r", "a Infinity Unknown")]
    [InlineData("a -Inf", "a -Infinity Unknown")]
    [InlineData("# TYPE a counter\na_total 1", "a_total 1 Counter")]
    [InlineData("# HELP a_total What.\n#  TYPE a_total histogram\na_total_bucket{le=\"1\"} 1", null)]
    [InlineData("# TYPE a_total histogram\na_total_bucket{le=\"1\"} 1", "a_total_bucket le=1 1 Histogram")]
    [InlineData("# TYPE a gauge\nab 1", "ab 1 Unknown")]
    public void A_line_is_read_as_it_is_meant(string page, string? expected)
    {
        var (series, skipped) = Read(page);

        skipped.ShouldBe(0);
        series.ShouldHaveSingleItem();
        if (expected is not null) series[0].ShouldBe(expected);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("a x")]
    [InlineData("1a 1")]
    [InlineData("a{b=c} 1")]
    [InlineData("a{b=\"c} 1")]
    [InlineData("a{b=\"c\" d=\"e\"} 1")]
    [InlineData("a{b=\"\\x\"} 1")]
    [InlineData("{} 1")]
    [InlineData("a{b=\"c\"")]
    public void A_bad_line_is_skipped_and_counted(string line)
    {
        var (series, skipped) = Read($"x 1\n{line}\ny 2\n");

        series.ShouldBe(["x 1 Unknown", "y 2 Unknown"]);
        skipped.ShouldBe(1);
    }

    [Fact]
    public void Not_a_number_is_the_pages_word_for_none() => Read("a NaN\nb nan\nc 1\n").ShouldSatisfyAllConditions(
        read => read.Series.ShouldBe(["c 1 Unknown"]),
        read => read.Skipped.ShouldBe(0));

    [Fact]
    public void Nothing_is_read_behind_the_end() => Read("a 1\n# EOF\nb 2\n").Series.ShouldBe(["a 1 Unknown"]);

    [Fact]
    public void Bad_lines_of_unwanted_names_do_not_count() => Read("a{ 1\nb 2\n"u8, static name => name.SequenceEqual("b"u8)).ShouldSatisfyAllConditions(
        read => read.Series.ShouldBe(["b 2 Unknown"]),
        read => read.Skipped.ShouldBe(0));

    [Fact]
    public void What_is_too_long_is_skipped()
    {
        var labels = string.Join(',', Enumerable.Range(0, 65).Select(i => FormattableString.Invariant($"l{i}=\"\"")));

        var (series, skipped) = Read($"a{{{labels}}} 1\nb{{c=\"{new string('x', 4097)}\"}} 1\nd{{c=\"\"}} {new string(' ', 65536)}1\nok{{c=\"{new string('x', 4096)}\"}} 1\n");

        series.ShouldHaveSingleItem().ShouldStartWith("ok ");
        skipped.ShouldBe(3);
    }

    [Fact]
    public void Ten_thousand_series_are_read_and_no_more()
    {
        var (series, skipped) = Read(string.Concat(Enumerable.Range(0, 10_003).Select(i => FormattableString.Invariant($"a{{i=\"{i}\"}} 1\n"))));

        series.Count.ShouldBe(10_000);
        skipped.ShouldBe(3);
    }

    [Fact]
    public void Every_cut_of_a_page_reads_the_lines_that_are_whole()
    {
        var page = Recording.Load("metrics-with-queue").Body.AsSpan(0, 20_000);
        var previous = 0;

        for (var cut = 0; cut < page.Length; cut += 7)
        {
            var (series, skipped) = Read(page[..cut]);
            skipped.ShouldBeLessThanOrEqualTo(1);
            series.Count.ShouldBeGreaterThanOrEqualTo(previous - 1);
            previous = series.Count;
        }
    }

    [Fact]
    public void Series_that_are_written_are_read_back()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var expected = new List<string>();
            var page = new StringBuilder("# TYPE a gauge\n");
            for (var line = 0; line < 20; line++)
            {
                var value = random.NextDouble() * Math.Pow(10, random.Next(-5, 15));
                var label = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "ab\\\"\n ,={}é#"[random.Next(12)]));
                var escaped = label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
                page.Append(CultureInfo.InvariantCulture, $"a{{l=\"{escaped}\"}} {value:R}\n");
                expected.Add(FormattableString.Invariant($"a l={label} {value} Gauge"));
            }

            Read(page.ToString()).Series.ShouldBe(expected);
        }
    }
}
