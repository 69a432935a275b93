using System.Text.Json;
using System.Text.RegularExpressions;
using Vllm.Testing;

namespace Vllm.Tests.Repository.Prometheus;

/// <summary>The dashboard can be imported into any Grafana with any data source.</summary>
public sealed partial class DashboardTests
{
    static readonly string[] Kinds = ["row", "timeseries", "heatmap"];
    static readonly string Text = PromDocuments.Read(PromDocuments.Dashboard);
    static readonly JsonElement Board = JsonDocument.Parse(Text).RootElement;
    static readonly IReadOnlyList<JsonElement> Panels = [.. PromDocuments.Panels(Text)];

    [Fact]
    public void It_has_the_five_rows_in_order() =>
        Board.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() == "row").Select(panel => panel.GetProperty("title").GetString())
            .ShouldBe(["Traffic", "Latency", "Tokens", "Server", "Resources"]);

    [Fact]
    public void Its_data_source_is_chosen_and_never_fixed()
    {
        var sources = UidOfSource().Matches(Text).Select(match => match.Groups[1].Value).ToList();

        sources.Count.ShouldBeGreaterThan(Panels.Count);
        sources.ShouldAllBe(uid => uid == "${datasource}");
        Panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).ShouldAllBe(target => target.GetProperty("datasource").GetProperty("type").GetString() == "prometheus");
    }

    [Fact]
    public void It_has_its_variables_and_uses_no_others()
    {
        var variables = Board.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()!).ToList();

        variables.ShouldBe(["datasource", "job", "model", "server", "target"]);
        Used().Matches(Text).Select(match => match.Groups[1].Value).Distinct().Except([.. variables, "__all", "__rate_interval"]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_expression_obeys_the_variables_of_its_kind()
    {
        foreach (var query in PromDocuments.Queries(PromDocuments.Dashboard))
        {
            var ofClient = query.Metrics.Count(metric => !metric.StartsWith("vllm:", StringComparison.Ordinal) && !OfResources().IsMatch(metric));
            query.Metrics.Count(metric => OfResources().IsMatch(metric)).ShouldBe(Regex.Count(query.Text, Regex.Escape("{job=~\"$job\",vllm_resource_target=~\"$target\"")), query.Text);
            ofClient.ShouldBeLessThanOrEqualTo(Regex.Count(query.Text, Regex.Escape("{job=~\"$job\",gen_ai_request_model=~\"$model\",server_address=~\"$server\"")), query.Text);
            Regex.Count(query.Text, @"\bvllm:").ShouldBe(Regex.Count(query.Text, Regex.Escape("{model_name=~\"$model\"}")), query.Text);
        }
    }

    [Fact]
    public void Every_window_is_as_long_as_the_screen_needs() =>
        PromDocuments.Queries(PromDocuments.Dashboard).SelectMany(query => Window().Matches(query.Text)).Select(match => match.Value).Distinct().ShouldBe(["[$__rate_interval]"]);

    [Fact]
    public void Panels_have_ids_titles_texts_and_units_of_their_own_and_do_not_overlap()
    {
        var all = Board.GetProperty("panels").EnumerateArray().ToList();
        var cells = all.SelectMany(panel => Cells(panel.GetProperty("gridPos"))).ToList();

        all.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        all.Select(panel => panel.GetProperty("title").GetString()).ShouldBeUnique();
        all.ShouldAllBe(panel => Kinds.Contains(panel.GetProperty("type").GetString()));
        cells.ShouldBeUnique();
        cells.ShouldAllBe(cell => cell.X >= 0 && cell.X < 24);
        Panels.ShouldAllBe(panel => panel.GetProperty("description").GetString()!.EndsWith('.'));
        Panels.ShouldAllBe(panel => panel.GetProperty("type").GetString() == "heatmap" || panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!.Length > 0);
        foreach (var panel in Panels)
            panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("refId").GetString()).ShouldBeUnique();
    }

    static IEnumerable<(int X, int Y)> Cells(JsonElement place)
    {
        int Side(string name) => place.GetProperty(name).GetInt32();
        return from x in Enumerable.Range(Side("x"), Side("w")) from y in Enumerable.Range(Side("y"), Side("h")) select (x, y);
    }

    [GeneratedRegex("""
        "type": "prometheus",\s+"uid": "([^"]*)"
        """)]
    private static partial Regex UidOfSource();

    [GeneratedRegex("^(?:process|system|container|hw|vllm_resource)_")]
    private static partial Regex OfResources();

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\[[^\[\]""]+\]")]
    private static partial Regex Window();
}
