using Vllm.Testing;

namespace Vllm.Tests.Prometheus;

/// <summary>The dashboard's choice of a model: by the model that answered where it is known, else by the one asked for, else whatever is chosen.</summary>
public sealed class ModelFilterTests
{
    const string Call = "gen_ai_client_operation_duration_seconds_count";
    const string Of = """job="app",server_address="gpu" """;

    static readonly (string, int)[] Calls =
    [
        ($$"""{{Call}}{{{Of}},gen_ai_request_model="a",gen_ai_response_model="a"}""", 60),
        ($$"""{{Call}}{{{Of}},gen_ai_response_model="a"}""", 120),
        ($$"""{{Call}}{{{Of}},gen_ai_request_model="alias",gen_ai_response_model="a"}""", 240),
        ($$"""{{Call}}{{{Of}},gen_ai_request_model="a",error_type="503"}""", 480),
        ($$"""{{Call}}{{{Of}},error_type="connection_error"}""", 960),
        ($$"""{{Call}}{{{Of}},gen_ai_request_model="b",gen_ai_response_model="b"}""", 6_000),
        ($$"""{{Call}}{{{Of}},gen_ai_request_model="b",error_type="503"}""", 12_000),
    ];

    [Theory]
    [InlineData("a", 7)]
    [InlineData("b", 100)]
    [InlineData("(a|b)", 107)]
    [InlineData(".*", 107)]
    public Task A_chosen_model_shows_what_it_answered_whatever_was_asked_for(string model, double perSecond) =>
        PromExpressions.GiveAsync(Calls, [(Expression("Throughput", model), perSecond)]);

    [Theory]
    [InlineData("a", 7.0 / 31)]
    [InlineData("b", 100.0 / 316)]
    [InlineData(".*", 107.0 / 331)]
    public Task Calls_that_nobody_answered_stay_with_the_model_asked_for(string model, double share) =>
        PromExpressions.GiveAsync(Calls, [($"round({Expression("Success share", model)}, 0.0001)", Math.Round(share, 4))]);

    [Theory]
    [InlineData("a", 3)]
    [InlineData("b", 5)]
    [InlineData(".*", 7)]
    public Task What_is_recorded_before_an_answer_goes_by_the_model_asked_for(string model, double active) =>
        PromExpressions.GiveAsync(
            [
                ($$"""vllm_client_active_requests{{{Of}},vllm_client_request_phase="waiting",gen_ai_request_model="a"}""", 2),
                ($$"""vllm_client_active_requests{{{Of}},vllm_client_request_phase="waiting"}""", 1),
                ($$"""vllm_client_active_requests{{{Of}},vllm_client_request_phase="waiting",gen_ai_request_model="b"}""", 4),
            ],
            [($"sum({Expression("Calls in the client", model)}) / 10", active)]);

    [Fact]
    public Task Tokens_of_calls_with_two_tags_of_their_own_are_found() =>
        PromExpressions.GiveAsync(
            [
                ($$"""gen_ai_client_token_usage_sum{{{Of}},gen_ai_request_model="a",gen_ai_token_type="output",team="x",stage="y"}""", 60),
                ($$"""gen_ai_client_token_usage_sum{{{Of}},gen_ai_request_model="b",gen_ai_token_type="output",team="x",stage="y"}""", 600),
            ],
            [(Expression("Tokens per second", "a", 1), 1)]);

    static string Expression(string panel, string model, int target = 0) =>
        PromDocuments.Queries(PromDocuments.Dashboard).Where(query => query.Source == $"{PromDocuments.Dashboard}, {panel}").ElementAt(target).Text
            .Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$job", "app", StringComparison.Ordinal)
            .Replace("$model", model, StringComparison.Ordinal).Replace("$server", "gpu", StringComparison.Ordinal);
}
