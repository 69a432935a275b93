using Vllm.Testing;

namespace Vllm.Tests.Prometheus;

/// <summary>A counter is born with its first count; a share of it is 0 before that, and nothing where nobody calls.</summary>
public sealed class FirstFailureTests
{
    const string Call = """gen_ai_client_operation_duration_seconds_count{job="app",server_address="gpu",gen_ai_response_model="a" """;

    public static TheoryData<string, string> Zeros() => new()
    {
        { "README.md", "sum(rate(gen_ai_client_operation_duration_seconds_count{error_type!~\"|cancelled" },
        { "README.zh-CN.md", "sum(rate(gen_ai_client_operation_duration_seconds_count{error_type!~\"|cancelled" },
        { "docs/metrics.md", "sum(rate(gen_ai_client_operation_duration_seconds_count{error_type!~\"|cancelled" },
        { "docs/metrics.md", "vllm_client_retries_total" },
        { "docs/metrics.md", "vllm_client_usage_missing_total" },
        { PromDocuments.Dashboard, "vllm_client_retries_total" },
        { PromDocuments.Dashboard, "vllm_client_usage_missing_total" },
    };

    [Theory]
    [MemberData(nameof(Zeros))]
    public Task What_counts_failures_is_0_before_the_first_one(string path, string part) =>
        PromExpressions.GiveAsync([(Call + "}", 60)], Expressions(path, part).Select(expression => (expression, (double?)0)));

    [Theory]
    [MemberData(nameof(Zeros))]
    public Task What_counts_failures_is_nothing_where_nobody_calls(string path, string part) =>
        PromExpressions.GiveAsync([("up", 1)], Expressions(path, part).Select(expression => (expression, (double?)null)));

    [Fact]
    public Task The_share_that_succeeds_is_0_where_every_call_fails() =>
        PromExpressions.GiveAsync([(Call + ",error_type=\"503\"}", 60)], [(Expressions(PromDocuments.Dashboard, "error_type!~\"cancelled|abandoned\"").ShouldHaveSingleItem(), 0)]);

    [Fact]
    public Task The_share_that_fails_is_1_where_every_call_fails() =>
        PromExpressions.GiveAsync([(Call + ",error_type=\"503\"}", 60)], [(Expressions("README.md", "error_type!~").ShouldHaveSingleItem(), 1)]);

    static List<string> Expressions(string path, string part)
    {
        var found = PromDocuments.Queries(path).Where(query => query.Text.Contains(part, StringComparison.Ordinal))
            .Select(query => query.Text.Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$job", ".*", StringComparison.Ordinal)
                .Replace("$model", ".*", StringComparison.Ordinal).Replace("$server", ".*", StringComparison.Ordinal)).ToList();
        found.ShouldNotBeEmpty();
        return found;
    }
}
