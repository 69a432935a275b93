using System.Text.Json.Nodes;

namespace Vllm.Tests.Prometheus;

/// <summary>What an expression must give over series made up for a test: promtool evaluates it, with Prometheus' own engine and no time passing.</summary>
static class PromExpressions
{
    const string AfterTenMinutes = "10m";

    /// <summary>Fails with promtool's own words unless each expression gives its value ten minutes after the series began; null: nothing at all.</summary>
    /// <param name="series">Counters: selector, and how much each grows in a minute.</param>
    /// <param name="expected">Expressions and the one value that they give.</param>
    public static async Task GiveAsync(IEnumerable<(string Series, int PerMinute)> series, IEnumerable<(string Expression, double? Value)> expected)
    {
        PromTool.Require("promtool");
        // YAML takes JSON as it is.
        var test = new JsonObject
        {
            ["evaluation_interval"] = "1m",
            ["tests"] = new JsonArray(new JsonObject
            {
                ["interval"] = "1m",
                ["input_series"] = new JsonArray([.. series.Select(one => new JsonObject { ["series"] = one.Series, ["values"] = $"0+{one.PerMinute}x10" })]),
                ["promql_expr_test"] = new JsonArray([.. expected.Select(one => new JsonObject
                {
                    ["expr"] = one.Expression,
                    ["eval_time"] = AfterTenMinutes,
                    ["exp_samples"] = one.Value is { } value ? new JsonArray(new JsonObject { ["labels"] = "{}", ["value"] = value }) : new JsonArray(),
                })]),
            }),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, test.ToJsonString(), TestContext.Current.CancellationToken);
            await PromTool.SucceedsAsync("test", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
