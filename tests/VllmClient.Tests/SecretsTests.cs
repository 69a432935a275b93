using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Vllm.Testing;

namespace Vllm.Tests;

/// <summary>Acceptance check 9 of the telemetry: keys, prompts and answers stay out of logs, spans, metrics and messages, on failures too. Alone, because listeners to spans are the process's.</summary>
[Collection(nameof(Telemetry.Alone))]
public class SecretsTests
{
    const string Key = "sk-very-secret-1";
    const string Prompt = "my private diary";
    const string Answer = "the model's private answer";

    readonly FakeLogCollector _log = FakeLogCollector.Create(new());

    public static TheoryData<string> Endings => ["whole", "stream", "refused", "quoted", "malformed", "truncated", "in-band", "abort", "html", "overloaded", "broken"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task No_ending_shows_them(string ending)
    {
        using var loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(_log)));
        var told = new List<string>();
        using var spans = Spans(told);
        using var meters = Meters(told);
        using var client = Script(ending).Client(
            options =>
            {
                options.ApiKey = Key;
                options.MaxRetries = 1;
                options.MaxRetryDelay = TimeSpan.FromMilliseconds(1);
            },
            new() { LoggerFactory = loggers });

        var failures = new List<Exception>();
        foreach (var ask in new Func<Task>[] { () => client.ChatAsync(Prompt), async () => await client.ChatStreamAsync(Prompt).ToListAsync(TestContext.Current.CancellationToken) })
        {
            try
            {
                await ask();
            }
            catch (VllmException e)
            {
                failures.Add(e);
            }
        }

        var logged = string.Join('\n', _log.GetSnapshot().Select(entry => $"{entry.Message} {string.Join(' ', entry.StructuredState ?? [])} {entry.Exception}"));
        logged.ShouldNotBeEmpty();
        ShouldShowNothing(logged);
        told.Count(one => one.StartsWith("chat ", StringComparison.Ordinal)).ShouldBe(2);
        told.Count(one => one.StartsWith(VllmTelemetry.Instruments.OperationDuration, StringComparison.Ordinal)).ShouldBe(2);
        ShouldShowNothing(string.Join('\n', told));
        // A message tells the server's own words, and those are the server's to choose.
        if (ending is not ("in-band" or "overloaded")) ShouldShowNothing(string.Join('\n', failures));
    }

    [Fact]
    public void Options_and_requests_and_results_do_not_show_them_by_accident()
    {
        new VllmClientOptions { ApiKey = Key }.ToString()!.ShouldNotContain(Key);
        new ChatRequest { Messages = [Prompt] }.ToString().ShouldNotContain(Prompt);
        ChatMessage.User(Prompt).ToString().ShouldNotContain(Prompt);
        new CompletionRequest { Prompt = Prompt }.ToString().ShouldNotContain(Prompt);
    }

    [Fact]
    public void A_base_URL_with_a_password_is_refused_without_showing_it()
    {
        var failure = Should.Throw<ArgumentException>(() => new VllmClient(new VllmClientOptions { BaseUrl = new($"http://user:{Key}@gpu:8000") }));

        failure.ToString().ShouldNotContain(Key);
    }

    [Fact]
    public void A_key_with_a_line_break_is_refused_without_showing_it()
    {
        var failure = Should.Throw<ArgumentException>(() => new VllmClient(new VllmClientOptions { ApiKey = Key + "\nx" }));

        failure.Message.ShouldContain(nameof(VllmClientOptions.ApiKey));
        failure.ToString().ShouldNotContain(Key);
    }

    static ActivityListener Spans(List<string> told)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == VllmTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told.Add($"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}"))} {string.Join(' ', span.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    static MeterListener Meters(List<string> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == VllmTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => told.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => told.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.Start();
        return listener;
    }

    static void ShouldShowNothing(string text)
    {
        text.ShouldNotContain(Key);
        text.ShouldNotContain(Prompt);
        text.ShouldNotContain(Answer);
    }

    static ScriptedHandler Script(string ending)
    {
        var handler = new ScriptedHandler();
        return ending switch
        {
            "whole" => handler.Answers(System.Net.HttpStatusCode.OK, SseText.ChatAnswer(Answer)),
            "stream" => handler.Streams(() => new TrickleStream(SseText.Role(), SseText.Last(Answer), SseText.Done)),
            "refused" => handler.Answers(System.Net.HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}"""),
            "quoted" => handler.Answers(System.Net.HttpStatusCode.BadRequest, $$$"""{"error":{"message":"1 validation error:\n  {'type': 'x', 'loc': 'body', 'msg': 'bad', 'input': '{{{Prompt}}}'}","type":"Bad Request","param":"body","code":400}}"""),
            "malformed" => handler.Streams(() => new TrickleStream(SseText.Role(), SseText.Text(Answer), $"data: {{\"{Answer}\n\n", SseText.Done)),
            "truncated" => handler.Streams(() => new TrickleStream(SseText.Role(), SseText.Text(Answer))),
            "in-band" => handler.Streams(() => new TrickleStream(SseText.Role(), SseText.Text(Answer), SseText.Event($$$"""{"error":{"message":"bad '{{{Prompt}}}'","type":"{{{Prompt}}}","code":"{{{Prompt}}}"}}"""), SseText.Done)),
            "abort" => handler.Streams(() => new TrickleStream(SseText.Role(), SseText.Text(Answer), SseText.Finish("abort"), SseText.Done)),
            "html" => handler.Answers(System.Net.HttpStatusCode.OK, $"<html>{Prompt}</html>", "text/html"),
            "overloaded" => handler.Answers(System.Net.HttpStatusCode.ServiceUnavailable, $$$"""{"error":{"message":"busy with '{{{Prompt}}}'","type":"x","code":503}}"""),
            _ => handler.Fails(() => new HttpRequestException(HttpRequestError.ConnectionError, "no route")),
        };
    }
}
