using Vllm.Testing;

namespace Vllm.Tests.Prometheus;

public sealed class AlertTests
{
    const string RuleTests = "docs/prometheus/vllm-client.rules.test.yml";

    static readonly IReadOnlyList<string> Alerts = [.. PromDocuments.Queries(PromDocuments.Rules).Select(query => query.Source.Split(", ")[1])];

    [Fact]
    public async Task The_alert_rules_are_valid()
    {
        PromTool.Require("promtool");

        (await PromTool.SucceedsAsync("check", "rules", RepositoryFiles.Path(PromDocuments.Rules))).ShouldContain($"{Alerts.Count} rules found");
    }

    [Fact]
    public async Task Every_alert_fires_when_it_should_and_none_without_traffic()
    {
        PromTool.Require("promtool");

        await PromTool.SucceedsAsync("test", "rules", RepositoryFiles.Path(RuleTests));
    }

    [Fact]
    public void Every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_is_silent()
    {
        var tests = PromDocuments.Read(RuleTests);

        foreach (var alert in Alerts)
        {
            tests.ShouldContain($"alertname: {alert}\n        exp_alerts:\n          - exp_labels:");
            tests.ShouldContain($"alertname: {alert}\n        exp_alerts: []");
        }
    }
}
