using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Vllm.Testing;
using Recording = Vllm.Testing.Recording;

namespace Vllm.Tests.Responses;

/// <summary>Responses are measured as chats; fetching and cancelling them is not measured.</summary>
public sealed class ResponsesTelemetryTests : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_response_is_one_duration_and_its_tokens()
    {
        using var durations = Collect<double>(VllmTelemetry.Instruments.OperationDuration);
        using var tokens = Collect<long>(VllmTelemetry.Instruments.TokenUsage);
        using var client = Client(new ScriptedHandler().Answers(Recording.Load("responses-basic")));

        await client.Responses.CreateAsync("Hello", cancellationToken: Token);

        var duration = durations.GetMeasurementSnapshot().ShouldHaveSingleItem();
        duration.Tags["gen_ai.operation.name"].ShouldBe("chat");
        duration.Tags["gen_ai.response.model"].ShouldBe("tiny");
        duration.Tags.ContainsKey("error.type").ShouldBeFalse();
        tokens.GetMeasurementSnapshot().Select(sample => sample.Value).ShouldBe([12, 12]);
    }

    [Fact]
    public async Task A_streamed_response_is_one_duration_and_a_gap_per_piece()
    {
        using var durations = Collect<double>(VllmTelemetry.Instruments.OperationDuration);
        using var first = Collect<double>(VllmTelemetry.Instruments.TimeToFirstChunk);
        using var visible = Collect<double>(VllmTelemetry.Instruments.TimeToFirstVisibleToken);
        using var chunks = Collect<long>(VllmTelemetry.Instruments.StreamChunks);
        using var client = Client(new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("responses-stream").Body)));

        await client.Responses.StreamAsync("Hello", cancellationToken: Token).LastAsync(Token);

        durations.GetMeasurementSnapshot().ShouldHaveSingleItem().Tags["gen_ai.response.model"].ShouldBe("tiny");
        first.GetMeasurementSnapshot().ShouldHaveSingleItem();
        visible.GetMeasurementSnapshot().ShouldBeEmpty();
        chunks.GetMeasurementSnapshot().ShouldHaveSingleItem().Value.ShouldBe(10);
    }

    [Fact]
    public async Task A_cut_stream_is_counted_as_truncated_and_one_left_early_as_abandoned()
    {
        using var durations = Collect<double>(VllmTelemetry.Instruments.OperationDuration);
        using var client = Client(new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("responses-stream").Body, 0, 3000)));

        await Should.ThrowAsync<VllmStreamException>(() => client.Responses.StreamAsync("Hello", cancellationToken: Token).LastAsync(Token).AsTask());
        await client.Responses.StreamAsync("Hello", cancellationToken: Token).FirstAsync(Token);

        durations.GetMeasurementSnapshot().Select(sample => sample.Tags["error.type"]).ShouldBe(["stream_truncated", "abandoned"]);
    }

    [Fact]
    public async Task Fetching_and_cancelling_are_not_measured()
    {
        using var durations = Collect<double>(VllmTelemetry.Instruments.OperationDuration);
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, """{"id":"resp_1","object":"response"}"""));

        await client.Responses.GetAsync("resp_1", cancellationToken: Token);
        await client.Responses.CancelAsync("resp_1", cancellationToken: Token);

        durations.GetMeasurementSnapshot().ShouldBeEmpty();
    }

    public void Dispose() => _services.Dispose();

    VllmClient Client(ScriptedHandler handler) => handler.Client(services: new() { MeterFactory = _services.GetRequiredService<IMeterFactory>() });

    MetricCollector<T> Collect<T>(string instrument) where T : struct =>
        new(_services.GetRequiredService<IMeterFactory>(), VllmTelemetry.MeterName, instrument);
}
