using System.Diagnostics;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry;

public sealed class SpanTests : IDisposable
{
    readonly string _provider = Guid.NewGuid().ToString("N");
    readonly MeasuredClient _client;
    readonly ActivityListener _listener;
    readonly List<Activity> _stopped = [];
    readonly ActivitySource _foreign;

    public SpanTests()
    {
        _client = new(new VllmTelemetryOptions { ProviderName = _provider });
        _foreign = new("Foreign" + _provider);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ActivitySourceName || source == _foreign,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => IsMine(options) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _stopped.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void Says_what_was_asked_and_what_came_of_it()
    {
        var request = new ChatRequest { Messages = ["secret"], MaxTokens = 16, Temperature = 0.5, Seed = 7, N = 1 };
        var began = _client.Clock.GetUtcNow().UtcDateTime;
        using (var call = _client.Stream(request: request))
        {
            call.Sent(1, "r");
            call.Retrying("503", TimeSpan.FromSeconds(2));
            call.Sent(2, "r-r1");
            call.Answered("chatcmpl-r", "llama-3");
            _client.Pass(50);
            _client.Arrive(call);
            _client.Pass(20);
            _client.Arrive(call);
            call.Finished(0, FinishReason.Stop);
            call.Usage(new Usage { PromptTokens = 3, CompletionTokens = 2, TotalTokens = 5, CachedTokens = 1 });
            _client.Complete(call);
            _client.Pass(1000);
        }

        var span = _stopped.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("chat llama");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        span.StartTimeUtc.ShouldBe(began);
        span.Duration.ShouldBe(TimeSpan.FromMilliseconds(70));
        span.Source.TelemetrySchemaUrl.ShouldBe("https://opentelemetry.io/schemas/1.41.0");
        Text(span).ShouldBe(
        [
            "gen_ai.operation.name=chat", $"gen_ai.provider.name={_provider}", "gen_ai.request.model=llama", "server.address=gpu", "server.port=8000",
            "gen_ai.request.stream=True", "gen_ai.request.max_tokens=16", "gen_ai.request.temperature=0.5", "gen_ai.request.seed=7",
            "gen_ai.response.id=chatcmpl-r", "gen_ai.response.model=llama-3", "gen_ai.response.finish_reasons=stop", "gen_ai.response.time_to_first_chunk=0.05",
            "gen_ai.usage.input_tokens=3", "gen_ai.usage.output_tokens=2", "gen_ai.usage.cache_read.input_tokens=1",
            "vllm.client.request_id=r-r1", "vllm.client.attempts=2", "vllm.client.time_to_first_token=0.05", "vllm.client.stream.chunks=2",
            "vllm.client.stream.longest_stall=0.02",
        ]);
        span.Events.Select(e => e.Name).ShouldBe(["vllm.client.retry", "vllm.client.first_content"]);
        span.Events.First().Tags.ShouldContain(new KeyValuePair<string, object?>("vllm.client.retry.delay", 2.0));
    }

    [Fact]
    public void Is_an_error_named_by_its_type_and_never_by_a_message()
    {
        using (var call = _client.Call()) call.Failed(new VllmApiException("secret", 503) { Body = "secret" });

        var span = _stopped.ShouldHaveSingleItem();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.StatusDescription.ShouldBe("503");
        span.GetTagItem(Attributes.ErrorType).ShouldBe("503");
        span.Events.ShouldBeEmpty();
        string.Join(' ', Text(span)).ShouldNotContain("secret");
    }

    [Fact]
    public void Is_no_error_when_the_caller_gave_up()
    {
        using (var cancelled = _client.Stream()) cancelled.Failed(new OperationCanceledException());
        _client.Stream().Dispose();

        _stopped.Select(span => span.Status).ShouldBe([ActivityStatusCode.Unset, ActivityStatusCode.Unset]);
        _stopped.Select(span => span.GetTagItem(Attributes.ErrorType)).ShouldBe(["cancelled", "abandoned"]);
    }

    [Fact]
    public void Is_current_only_inside_the_scope_and_a_child_of_the_callers()
    {
        using var caller = new Activity("caller").Start();
        var call = _client.Stream();
        Activity.Current.ShouldBeSameAs(caller);

        using (call.Enter()) Activity.Current.ShouldBeSameAs(call.Activity.ShouldNotBeNull());
        Activity.Current.ShouldBeSameAs(caller);
        _client.Arrive(call);
        Activity.Current.ShouldBeSameAs(caller);
        _client.Complete(call);
        call.Dispose();

        Activity.Current.ShouldBeSameAs(caller);
        _stopped.ShouldHaveSingleItem().ParentSpanId.ShouldBe(caller.SpanId);
    }

    [Fact]
    public void Restores_a_caller_that_changed_while_the_call_ran()
    {
        var call = _client.Stream();
        using var later = new Activity("later").Start();

        call.Dispose();

        Activity.Current.ShouldBeSameAs(later);
        _stopped.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("chat llama", null)]
    [InlineData("anything", "chat")]
    public void Is_not_opened_inside_another_librarys_span_of_the_same_call(string name, string? operation)
    {
        using var outer = _foreign.StartActivity(name).ShouldNotBeNull();
        if (operation is not null) outer.SetTag(Attributes.OperationName, operation);
        using (var call = _client.Call())
        {
            call.Sent(1, "r");
            call.Failed(new VllmApiException("m", 503));
        }

        _stopped.ShouldBeEmpty();
        outer.IsStopped.ShouldBeFalse();
        outer.Status.ShouldBe(ActivityStatusCode.Unset);
        outer.GetTagItem(Attributes.RequestId).ShouldBe("r");
        outer.GetTagItem("gen_ai.request.stream").ShouldBeNull();
        outer.GetTagItem(Attributes.ErrorType).ShouldBeNull();
    }

    [Fact]
    public void Is_opened_inside_any_other_span()
    {
        using var outer = _foreign.StartActivity("chatter box").ShouldNotBeNull();

        _client.Call().Dispose();

        _stopped.ShouldHaveSingleItem().ParentSpanId.ShouldBe(outer.SpanId);
    }

    [Fact]
    public void Names_the_finish_reason_of_each_choice()
    {
        using (var call = _client.Call(request: new ChatRequest { Messages = ["q"], N = 2 }))
        {
            call.Finished(1, FinishReason.Length);
            call.Finished(0, FinishReason.Stop);
            _client.Complete(call);
        }

        var span = _stopped.ShouldHaveSingleItem();
        span.GetTagItem("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop", "length" });
        span.GetTagItem("gen_ai.request.choice.count").ShouldBe(2);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _foreign.Dispose();
        _client.Dispose();
    }

    bool IsMine(in ActivityCreationOptions<ActivityContext> options) =>
        options.Source == _foreign || options.Tags?.Any(tag => (tag.Value as string) == _provider) == true;

    static string[] Text(Activity span) =>
        [.. span.TagObjects.Select(tag => FormattableString.Invariant($"{tag.Key}={(tag.Value is string[] many ? string.Join('|', many) : tag.Value)}"))];
}
