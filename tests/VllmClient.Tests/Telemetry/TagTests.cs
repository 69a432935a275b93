using System.Globalization;
using Microsoft.Extensions.Logging;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry;

public sealed class TagTests
{
    const string Common = "gen_ai.operation.name gen_ai.provider.name gen_ai.request.model";
    const string Server = "server.address server.port";

    [Fact]
    public void Attributes_come_in_the_documented_order_with_the_users_last()
    {
        using var client = new MeasuredClient();
        using var call = client.Stream(tags: new Dictionary<string, string> { ["tenant"] = "a" });
        call.Answered("id", "llama-3");
        call.Usage(new Usage { PromptTokens = 1, TotalTokens = 1 });

        call.Failed(new OperationCanceledException());

        client.Of(Instruments.OperationDuration)[0].Keys.ShouldBe($"{Common} {Server} gen_ai.response.model error.type tenant");
        client.Of(Instruments.TokenUsage)[0].Keys.ShouldBe($"{Common} {Server} gen_ai.response.model gen_ai.token.type tenant");
        client.Of(Instruments.StreamChunks)[0].Keys.ShouldBe($"{Common} {Server} gen_ai.response.model tenant");
        client.Of(Instruments.OperationDuration)[0].Tags.Select(tag => tag.Value).ShouldBe(["chat", "vllm", "llama", "gpu", 8000, "llama-3", "cancelled", "a"]);
    }

    [Fact]
    public void Two_user_tags_beside_a_seventh_attribute_push_out_the_response_model()
    {
        using var client = new MeasuredClient(Options(("app.route", "r")));
        using var call = client.Stream(tags: new Dictionary<string, string> { ["tenant"] = "a" });
        call.Answered("id", "llama-3");

        call.Failed(new OperationCanceledException());

        client.Of(Instruments.OperationDuration)[0].Keys.ShouldBe($"{Common} {Server} error.type app.route tenant");
        client.Of(Instruments.StreamChunks)[0].Keys.ShouldBe($"{Common} {Server} gen_ai.response.model app.route tenant");
    }

    [Fact]
    public void Unknown_models_and_ports_leave_their_attributes_out()
    {
        using var client = new MeasuredClient(baseUrl: "https+http://vllm");

        client.Call(model: null).Dispose();

        client.Of(Instruments.OperationDuration)[0].Keys.ShouldBe("gen_ai.operation.name gen_ai.provider.name server.address error.type");
    }

    [Theory]
    [InlineData("error.type", "x")]
    [InlineData("gen_ai.request.model", "x")]
    [InlineData("vllm.client.attempts", "x")]
    [InlineData("server.port", "x")]
    [InlineData("", "x")]
    [InlineData("tenant", "1234567890123456789012345678901234567890123456789012345678901234567890")]
    public void A_tag_that_breaks_a_rule_is_refused_before_anything_is_counted(string key, string value)
    {
        using var client = new MeasuredClient();

        Should.Throw<ArgumentException>(() => client.Call(tags: new Dictionary<string, string> { [key] = value }));

        client.Active().ShouldBeEmpty();
        client.Recordings.ShouldBeEmpty();
    }

    [Fact]
    public void A_third_tag_is_refused_and_the_same_key_replaces()
    {
        using var client = new MeasuredClient(Options(("a", "1"), ("b", "2")));

        Should.Throw<ArgumentException>(() => client.Call(tags: new Dictionary<string, string> { ["c"] = "3" })).Message.ShouldContain("'c'");
        client.Call(tags: new Dictionary<string, string> { ["b"] = "9" }).Dispose();

        client.Of(Instruments.OperationDuration)[0]["b"].ShouldBe("9");
    }

    [Fact]
    public void The_hundred_and_first_model_is_shown_as_other_and_warned_of_once()
    {
        using var client = new MeasuredClient();
        for (var i = 0; i < 103; i++) client.Call(model: i.ToString(CultureInfo.InvariantCulture)).Dispose();
        client.Call(model: "0").Dispose();

        var models = client.Of(Instruments.OperationDuration).Select(recording => (string)recording[Attributes.RequestModel]!).ToList();

        models[99].ShouldBe("99");
        models[100..103].ShouldBe(["_OTHER", "_OTHER", "_OTHER"]);
        models[103].ShouldBe("0");
        client.Logger.Collector.GetSnapshot().Count(log => log.Id.Id == 501 && log.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public void The_hundred_and_first_value_of_a_tag_is_shown_as_other_and_warned_of_once()
    {
        using var client = new MeasuredClient();
        for (var i = 0; i < 102; i++) client.Call(tags: new Dictionary<string, string> { ["tenant"] = i.ToString(CultureInfo.InvariantCulture) }).Dispose();

        var values = client.Of(Instruments.OperationDuration).Select(recording => (string)recording["tenant"]!).ToList();

        values[99].ShouldBe("99");
        values[100..].ShouldBe(["_OTHER", "_OTHER"]);
        client.Logger.Collector.GetSnapshot().Count(log => log.Id.Id == 502).ShouldBe(1);
    }

    [Fact]
    public void Model_names_are_mapped_for_request_and_answer()
    {
        using var client = new MeasuredClient(new VllmTelemetryOptions { ModelName = model => model[(model.LastIndexOf('/') + 1)..] });
        using var call = client.Call(model: "/models/llama");
        call.Answered("id", "/other/llama-3");
        client.Complete(call);

        client.Of(Instruments.OperationDuration)[0][Attributes.RequestModel].ShouldBe("llama");
        client.Of(Instruments.OperationDuration)[0][Attributes.ResponseModel].ShouldBe("llama-3");
    }

    [Theory]
    [InlineData(GenAiMetricsMode.Auto, false, true, true)]
    [InlineData(GenAiMetricsMode.Auto, true, false, true)]
    [InlineData(GenAiMetricsMode.Auto, true, true, false)]
    [InlineData(GenAiMetricsMode.Always, true, true, true)]
    [InlineData(GenAiMetricsMode.Never, false, false, false)]
    public void Shared_instruments_are_recorded_unless_another_library_counts_the_same_calls(GenAiMetricsMode mode, bool isAdapter, bool isForeign, bool isRecorded)
    {
        using var client = new MeasuredClient(new VllmTelemetryOptions { EmitGenAiMetrics = mode }, foreignInstruments: () => isForeign);
        using var call = client.Stream(isAdapter: isAdapter);
        client.Arrive(call);
        client.Complete(call);

        client.Recorded.Contains(Instruments.OperationDuration).ShouldBe(isRecorded);
        client.Recorded.Contains(Instruments.TimeToFirstChunk).ShouldBe(isRecorded);
        client.Recorded.ShouldContain(Instruments.TimeToFirstToken);
    }

    [Theory]
    [InlineData("Experimental.Microsoft.Extensions.AI", true)]
    [InlineData("OpenAI.ChatClient", false)]
    [InlineData("VllmClient", false)]
    public void Only_instruments_of_other_libraries_are_foreign(string meterName, bool isForeign)
    {
        using var meter = new System.Diagnostics.Metrics.Meter(meterName);
        using var foreign = new Vllm.Telemetry.ForeignInstruments();

        var instrument = meter.CreateHistogram<double>(Instruments.OperationDuration);

        foreign.Seen.ShouldBe(isForeign);
        instrument.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_record_obeys_what_was_enabled_at_the_start()
    {
        using var client = new MeasuredClient(isListening: false);
        using var early = client.Stream();
        client.Listen();
        client.Arrive(early);
        client.Complete(early);
        client.Recordings.ShouldBeEmpty();

        using var late = client.Stream();
        client.Complete(late);
        client.Of(Instruments.OperationDuration).ShouldHaveSingleItem();
    }

    static VllmTelemetryOptions Options(params (string Key, string Value)[] tags)
    {
        var options = new VllmTelemetryOptions();
        foreach (var (key, value) in tags) options.Tags.Add(key, value);
        return options;
    }
}
