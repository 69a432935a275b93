using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Vllm.Load;
using Vllm.Reports;

namespace Vllm.Tests.Reports;

public sealed class TextReportTests
{
    public static TheoryData<string, ReportLanguage, string> Cases()
    {
        var cases = new TheoryData<string, ReportLanguage, string>();
        foreach (var name in FixedReports.Names)
        {
            foreach (var culture in new[] { "", "de-DE", "zh-CN" })
            {
                cases.Add(name, ReportLanguage.English, culture);
                cases.Add(name, ReportLanguage.Chinese, culture);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prints_the_approved_text_under_any_culture(string name, ReportLanguage language, string culture)
    {
        var path = Path.Combine(Folder(), "Approved", $"{name}.{(language == ReportLanguage.Chinese ? "zh" : "en")}.txt");

        var text = Under(culture, () => Text(FixedReports.Named(name), language));

        if (Environment.GetEnvironmentVariable("APPROVE_REPORTS") == "1")
            File.WriteAllText(path, text, new UTF8Encoding(false));
        File.Exists(path).ShouldBeTrue($"No approved text; run the tests once with APPROVE_REPORTS=1 and read {path}");
        text.ShouldBe(File.ReadAllText(path));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Keeps_to_100_columns_and_plain_characters(string name, ReportLanguage language, string culture)
    {
        var text = Under(culture, () => Text(FixedReports.Named(name), language));

        foreach (var line in text.Split('\n'))
        {
            DisplayText.Width(line).ShouldBeLessThanOrEqualTo(100, line);
            line.ShouldNotEndWith(" ");
            line.ShouldNotContain("\u001b");
            line.ShouldNotContain("\u202e");
            line.ShouldNotContain("\r");
        }
    }

    [Fact]
    public void The_eleven_figures_of_the_worked_example_equal_those_calculated_by_hand()
    {
        var report = FixedReports.Classic() with { Total = FixedReports.Worked() };

        var lines = Text(report, ReportLanguage.Chinese).Split('\n').Skip(4).Take(11);

        lines.ShouldBe(
        [
            "总请求数: 4  (1 个失败, 不计入任何数值)", "平均延迟: 0.278 秒", "最大延迟: 0.500 秒", "最小延迟: 0.100 秒", "总输入 token: 100", "总输出 token: 74",
            "平均每请求输出 token: 18.50", "总 token 数量: 174", "平均 token/s: 156.76", "TPM: 14829.55", "总耗时: 0.70 秒",
        ]);
    }

    [Fact]
    public void Reasons_of_an_invalid_run_come_before_the_figures_too()
    {
        var text = Text(FixedReports.Invalid(), ReportLanguage.English);

        var reason = text.IndexOf("p95 of the delay is 212 ms", StringComparison.Ordinal);
        reason.ShouldBeInRange(0, text.IndexOf("Total requests", StringComparison.Ordinal));
        text.LastIndexOf("p95 of the delay is 212 ms", StringComparison.Ordinal).ShouldBeGreaterThan(reason);
    }

    [Fact]
    public void A_stopped_run_says_so_in_its_second_line() =>
        Text(FixedReports.Failing(), ReportLanguage.English).Split('\n')[1].ShouldStartWith("STOPPED, partial report: 20 users");

    [Fact]
    public void A_megabyte_of_hostile_text_as_a_name_stays_within_the_columns()
    {
        var hostile = string.Concat(Enumerable.Repeat("</title>\u202e|\n\u0301界", 100_000));
        var classic = FixedReports.Classic();
        var report = classic with
        {
            Plan = classic.Plan with { Name = hostile },
            Environment = classic.Environment with { Model = hostile, ServerVersion = hostile },
            Phases = [classic.Total with { Name = hostile }, classic.Total],
            Errors = [new() { Type = hostile, Phase = hostile, Count = 1 }],
        };

        var text = Text(report, ReportLanguage.English);

        text.Length.ShouldBeLessThan(10_000);
        text.Split('\n').ShouldAllBe(line => DisplayText.Width(line) <= 100);
    }

    [Fact]
    public void A_snapshot_is_one_line()
    {
        var snapshot = new LoadSnapshot
        {
            Elapsed = TimeSpan.FromSeconds(12),
            Phase = "users",
            Started = 84,
            Completed = 64,
            InFlight = 20,
            CompletedPerSecond = 14.1,
            OutputTokensPerSecond = 1845,
            TimeToFirstTokenP50 = TimeSpan.FromMilliseconds(41.8),
            TimePerOutputTokenP50 = TimeSpan.FromMilliseconds(9.31),
            DispatchDelayP99 = TimeSpan.FromMilliseconds(0.3),
        };

        snapshot.ToLine().ShouldBe("00:12 users | started 84 done 64 failed 0 | in flight 20 backlog 0 | 14.1 req/s 1,845 tok/s | TTFT 41.8 TPOT 9.31 ms | delay p99 0.3 ms");
        new LoadSnapshot { Phase = "drain", Failed = 2, LastErrorType = "503", Dropped = 1 }.ToLine(ReportLanguage.Chinese)
            .ShouldBe("00:00 收尾 | 已发 0 完成 0 失败 2 (503) 丢弃 1 | 进行中 0 积压 0 | 0.0 请求/秒 - token/秒 | TTFT - TPOT - ms | 派发延迟 p99 - ms");
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0.00")]
    [InlineData(0.00931, "9.31")]
    [InlineData(0.0099951, "10.0")]
    [InlineData(1.2546, "1,254.6")]
    [InlineData(12.3456, "12,346")]
    [InlineData(123.456, "123.5 s")]
    [InlineData(1234.5, "1,234 s")]
    [InlineData(double.NaN, "-")]
    public void Milliseconds_have_about_three_digits(double? seconds, string expected) => NumberText.Milliseconds(seconds).ShouldBe(expected);

    [Theory]
    [InlineData(40.3, 42.7, "[40.3, 42.7]")]
    [InlineData(1174.4, 1349.2, "[1174, 1349]")]
    [InlineData(9.22, null, "[9.22, -]")]
    [InlineData(null, null, "-")]
    [InlineData(110_000.0, 120_000.0, "[110, 120] s")]
    public void Intervals_fit_their_column(double? low, double? high, string expected) =>
        NumberText.Interval(low / 1000, high / 1000).ShouldBe(expected);

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("总耗时", 6)]
    [InlineData("，：", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\U0001F600", 2)]
    public void Wide_characters_count_two_columns(string text, int width) => DisplayText.Width(text).ShouldBe(width);

    static string Text(LoadReport report, ReportLanguage language)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer, new() { Language = language });
        return writer.ToString();
    }

    static string Under(string culture, Func<string> print)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return print();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
