using System.Text.RegularExpressions;
using Vllm.Load;
using Vllm.Reports;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Reports;

public sealed class ChineseReportTests
{
    // What these files say goes into logs, exceptions and the descriptions of instruments, never into a report.
    static readonly string[] NotInReports = ["InstrumentsOfResources.cs", "ProbeLog.cs", "ProbeConfiguration.cs", "ServerUrl.cs", "SettingsReader.cs", "ResourceProbeOptionsValidator.cs"];

    static readonly IReadOnlyList<string> OfRuns =
    [
        .. SourceSentences.Of("src/VllmClient.Metrics/Load/Figures"),
        .. SourceSentences.Literals(File.ReadAllText(RepositoryFiles.Path("src/VllmClient.Metrics/Load/Runner/ServerPreparation.cs"))).Where(SourceSentences.IsEnglish),
    ];

    static readonly IReadOnlyList<string> OfSources = SourceSentences.Of("src/VllmClient.Metrics/Resources", NotInReports);

    [Fact]
    public void Every_check_and_reason_is_translated()
    {
        OfRuns.Count.ShouldBeGreaterThan(25);
        foreach (var sentence in OfRuns)
        {
            var report = FixedReports.Classic() with { Resources = null, Verdict = Verdict.RunInvalid, Reasons = [sentence], Checks = [new() { Message = sentence }, new() { Passed = false, Message = sentence }] };

            SourceSentences.IsEnglish(Chinese(report)).ShouldBeFalse($"{sentence}\n{Chinese(report)}");
        }
    }

    [Fact]
    public void Every_reason_why_a_resource_is_missing_is_translated()
    {
        OfSources.Count.ShouldBeGreaterThan(35);
        foreach (var sentence in OfSources)
        {
            var resources = FixedResources.Classic() with
            {
                Missing = [new("app", "gpus", sentence)],
                Gaps = [new("app", "nvml", ResourceSourceState.Failing, sentence, 1, 2)],
            };
            var report = FixedReports.Classic() with { Checks = [], Resources = resources };

            SourceSentences.IsEnglish(Chinese(report)).ShouldBeFalse($"{sentence}\n{Chinese(report)}");
        }
    }

    [Theory]
    [InlineData("No turn ended, so there is nothing to judge: 114 turns were still running after at least 2,000 ms.", "没有请求结束, 无从判断: 114 个请求仍在运行 (至少已运行 2,000 ms)。")]
    [InlineData("114 turns were still running after at least 2,000 ms when the time to drain was over, so the figures leave them out.", "收尾时间结束时 114 个请求仍在运行 (至少已运行 2,000 ms), 因此不计入数值。")]
    [InlineData("Turns began late: p99 of the delay is 212 ms, the limit 10 ms; the load generator could not keep up: its machine is busy, or the work blocks its thread.", "请求开始得晚: 延迟的 p99 为 212 ms, 上限 10 ms; 压测端跟不上: 其主机繁忙, 或工作阻塞了它的线程。")]
    [InlineData("output tokens: client 26,232, server 26,360 (+128: other traffic?)", "输出 token: 客户端 26,232, 服务器 26,360 (+128: 有其他流量?)")]
    [InlineData("output tokens: client 26,232, server 26,230 (-2)", "输出 token: 客户端 26,232, 服务器 26,230 (-2)")]
    [InlineData("finished requests: client 5, server 7; 2 turns did not complete, and the server counts what they had", "结束的请求: 客户端 5, 服务器 7; 2 个请求没有完成, 而服务器计入了它们已得到的部分")]
    [InlineData("in flight: 3 readings of the server, needs 5", "进行中: 服务器读数 3 次, 需要 5 次")]
    [InlineData("finished requests: the work's calls are not known", "结束的请求: 不清楚工作的调用")]
    [InlineData("no NVML library; nvidia-smi is not installed", "没有 NVML 库; 没有安装 nvidia-smi")]
    [InlineData("GET gpu-1:9400/metrics has no series of vLLM's for the model 'a b'; was vLLM started with --disable-log-stats?", "GET gpu-1:9400/metrics 没有 vLLM 的序列 (模型 'a b'); vLLM 是否以 --disable-log-stats 启动?")]
    [InlineData("GET gpu-1:9400/metrics: status 500", "GET gpu-1:9400/metrics: 状态码 500")]
    [InlineData("what a source of the application says: no matter", "what a source of the application says: no matter")]
    public void A_sentence_is_put_together_again_from_its_parts(string english, string chinese)
    {
        var report = FixedReports.Classic() with { Resources = null, Checks = [new() { Passed = true, Message = english }] };

        Flat(Chinese(report)).ShouldContain(Flat("通过 " + chinese));
    }

    [Fact]
    public void Phases_that_nobody_named_are_translated_and_units_of_rates_too()
    {
        new LoadSnapshot { Phase = "warm-up" }.ToLine(ReportLanguage.Chinese).ShouldBe("00:00 预热 | 已发 0 完成 0 失败 0 | 进行中 0 积压 0 | 0.0 请求/秒 - token/秒 | TTFT - TPOT - ms | 派发延迟 p99 - ms");
        new LoadSnapshot { Phase = "users-2" }.ToLine(ReportLanguage.Chinese).ShouldStartWith("00:00 用户-2 |");
        new LoadSnapshot { Phase = "rush hour" }.ToLine(ReportLanguage.Chinese).ShouldStartWith("00:00 rush hour |");
        Chinese(FixedReports.Failing()).ShouldNotContain("tok/s");
        Chinese(FixedReports.Failing()).ShouldNotContain("TooShort");
    }

    [Fact]
    public void The_text_of_a_report_does_not_speak_of_exit_codes()
    {
        foreach (var name in FixedReports.Names)
        {
            Chinese(FixedReports.Named(name)).ShouldNotContain("退出码");
            Text(FixedReports.Named(name), ReportLanguage.English).ShouldNotContain("exit code");
        }
    }

    [Fact]
    public void Literals_are_found_with_their_places_and_those_within_them() =>
        SourceSentences.Literals("""
            var a = $"all {count:N0} of {(isOne ? "the one" : "many")} things"; // "no literal"
            var b = 'x' + '"' + '\'' + "an \"old\" one" + $"{{{c}}}" + @"\";
            """).ShouldBe(["the one", "many", "all 7 of 7 things", "an \"old\" one", "{7}", "\\"]);

    static string Flat(string text) => Regex.Replace(text, @"\s+", "");

    static string Chinese(LoadReport report) => Text(report, ReportLanguage.Chinese);

    static string Text(LoadReport report, ReportLanguage language)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer, new() { Language = language });
        return writer.ToString();
    }
}
