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
            query.Metrics.Count(metric => OfResources().IsMatch(metric)).ShouldBe(Regex.Count(query.Text, Regex.Escape("{job=~\"$job\",vllm_resource_target=~\"$target\"")), query.Text);
            OfClient().Count(ByModelThatAnswered().Replace(query.Text, "")).ShouldBe(ByModelAskedFor().Count(query.Text), query.Text);
            Regex.Count(query.Text, @"\bvllm:").ShouldBe(Regex.Count(query.Text, Regex.Escape("{model_name=~\"$model\"}")), query.Text);
        }
    }

    [Fact]
    public void A_planted_selector_that_ignores_the_model_that_answered_is_found()
    {
        const string Chosen = """rate(vllm_client_stream_chunks_total{job=~"$job",gen_ai_request_model=~"$model",server_address=~"$server"}[$__rate_interval])""";
        const string Answered = """rate(vllm_client_stream_chunks_total{job=~"$job",gen_ai_response_model=~"$model",server_address=~"$server"}[$__rate_interval])""";
        const string Unanswered = """rate(vllm_client_stream_chunks_total{job=~"$job",gen_ai_response_model="",gen_ai_request_model=~"$model|",server_address=~"$server"}[$__rate_interval])""";

        OfClient().Count(ByModelThatAnswered().Replace(Chosen, "")).ShouldBe(1);
        OfClient().Count(ByModelThatAnswered().Replace(Answered, "")).ShouldBe(1);
        OfClient().Count(ByModelThatAnswered().Replace($"{Answered} or {Unanswered}", "")).ShouldBe(0);
        ByModelAskedFor().Count(Chosen + Unanswered).ShouldBe(0);
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

    [GeneratedRegex(@"\b(?:gen_ai_client|vllm_client)_\w+\{")]
    private static partial Regex OfClient();

    // Series that know the model that answered, and those of the same metric that do not.
    [GeneratedRegex("""
        (rate|increase)\((\w+)\{job=~"\$job",gen_ai_response_model=~"\$model",server_address=~"\$server"([^}]*)\}(\[[^\]]+\])\) or \1\(\2\{job=~"\$job",gen_ai_response_model="",gen_ai_request_model=~"\$model\|",server_address=~"\$server"\3\}\4\)
        """)]
    private static partial Regex ByModelThatAnswered();

    // What is counted before there is an answer.
    [GeneratedRegex("""
        \bvllm_client_(?:active_requests|request_time_in_queue_seconds|retries)\w*\{job=~"\$job",gen_ai_request_model=~"\$model\|",server_address=~"\$server"
        """)]
    private static partial Regex ByModelAskedFor();

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\[[^\[\]""]+\]")]
    private static partial Regex Window();
}
