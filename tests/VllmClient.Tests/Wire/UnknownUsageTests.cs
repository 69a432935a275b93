using System.Net;
using Microsoft.Extensions.AI;
using Vllm.Testing;
using Vllm.Tests.Telemetry;

namespace Vllm.Tests.Wire;

/// <summary>Gateways send zeros for token counts that they do not know. Where output came, they are no counts, whichever way one reads the answer.</summary>
public sealed class UnknownUsageTests : IDisposable
{
    const string Zeros = "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}";
    const string ResponsesZeros = "\"usage\":{\"input_tokens\":0,\"output_tokens\":0,\"total_tokens\":0}";
    const string TextItem = """{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"ab"}]}""";

    static readonly string[] Chat =
    [
        Event("""{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}"""),
        Event("""{"index":0,"delta":{"content":"b"},"finish_reason":null}"""),
        Event("""{"index":0,"delta":{},"finish_reason":"stop"}"""),
        Event(""),
    ];

    static readonly string[] Completion =
    [
        Event("""{"index":0,"text":"a","finish_reason":null}"""),
        Event("""{"index":0,"text":"b","finish_reason":null}"""),
        Event("""{"index":0,"text":"","finish_reason":"stop"}"""),
        Event(""),
    ];

    readonly MeasuredClient _measured = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task Zeros_in_every_event_of_a_completion_are_no_usage()
    {
        using var client = Streaming([.. Completion, SseText.Done]);

        var result = await client.CompleteStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.ShouldBe("ab");
        result.Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Zeros_in_every_event_of_a_chat_are_no_usage()
    {
        using var client = Streaming([.. Chat, SseText.Done]);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.ShouldBe("ab");
        result.Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Zeros_before_the_first_content_are_judged_at_the_end_too()
    {
        using var client = Streaming(Event("""{"index":0,"delta":{"role":"assistant"},"finish_reason":null}"""), SseText.Last("a"), SseText.Done);
        var accumulator = new ChatAccumulator();

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(accumulator.Add, Token);

        result.Usage.ShouldBeNull();
        accumulator.ToResult().Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Zeros_at_the_end_beat_running_counts_that_came_before()
    {
        using var client = Streaming(
            """data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""" + "\n\n",
            SseText.Last("b"), Event(""), SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);
        var adapted = await client.AsIChatClient().GetStreamingResponseAsync("Hi", cancellationToken: Token).ToChatResponseAsync(Token);

        result.Usage.ShouldBeNull();
        adapted.Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Updates_with_output_or_after_it_carry_no_zeros()
    {
        using var client = Streaming([.. Chat, SseText.Done]);

        var updates = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        updates.Count.ShouldBe(4);
        updates.ShouldAllBe(update => update.Usage == null);
    }

    [Fact]
    public async Task A_partial_result_has_none_either()
    {
        using var chat = Streaming(Chat[..2]);
        using var completion = Streaming(Completion[..2]);

        var chatFailure = await Should.ThrowAsync<VllmStreamException>(() => chat.ChatStreamAsync("Hi").ToResultAsync());
        var completionFailure = await Should.ThrowAsync<VllmStreamException>(() => completion.CompleteStreamAsync("Hi").ToResultAsync());

        chatFailure.PartialResult.ShouldBeOfType<ChatResult>().Usage.ShouldBeNull();
        completionFailure.PartialResult.ShouldBeOfType<CompletionResult>().Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task A_stream_that_discards_text_and_a_stream_that_is_left_count_nothing()
    {
        using var client = Streaming([.. Completion, SseText.Done]);

        var discarded = await client.CompleteStreamAsync("Hi", new() { DiscardText = true }, Token).ToResultAsync(cancellationToken: Token);
        await foreach (var _ in client.CompleteStreamAsync("Hi", cancellationToken: Token)) break;

        discarded.Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task An_observer_gets_neither_the_usage_nor_a_count_of_first_tokens()
    {
        using var client = Streaming([.. Completion, SseText.Done]);
        var observer = new Notes();
        using (VllmCallObserver.Use(observer)) await client.CompleteStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        observer.Summary.Usage.ShouldBeNull();
        observer.Summary.FirstContentTokens.ShouldBeNull();
        observer.Tokens.ShouldBe([null, null]);
    }

    [Fact]
    public async Task The_adapter_gives_no_usage_content()
    {
        using var client = Streaming([Event("""{"index":0,"delta":{"role":"assistant"},"finish_reason":null}"""), .. Chat, SseText.Done]);

        var updates = await client.AsIChatClient().GetStreamingResponseAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        updates.SelectMany(update => update.Contents).OfType<UsageContent>().ShouldBeEmpty();
        updates.ToChatResponse().Usage.ShouldBeNull();
    }

    [Fact]
    public async Task Whole_answers_have_none_either()
    {
        using var chat = Answering($$$"""{"id":"x","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],{{{Zeros}}}}""");
        using var completion = Answering($$$"""{"id":"x","choices":[{"index":0,"text":"a","finish_reason":"stop"}],{{{Zeros}}}}""");

        (await chat.ChatAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        (await chat.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Usage.ShouldBeNull();
        (await chat.AsIChatClient().GetResponseAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        (await completion.CompleteAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Responses_have_none_either()
    {
        var whole = $$$"""{"id":"r","object":"response","status":"completed","output":[{{{TextItem}}}],{{{ResponsesZeros}}}}""";
        using var answering = Answering(whole);
        using var streaming = Streaming(ResponsesEvents($$$"""{"type":"response.completed","response":{{{whole}}}}"""));
        using var framed = Streaming(ResponsesEvents($$$$"""{"type":"response.completed","response":{"id":"r","status":"completed","output":[],{{{{ResponsesZeros}}}}}}"""));
        using var cut = Streaming(ResponsesEvents());

        (await answering.Responses.CreateAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        (await streaming.Responses.StreamAsync("Hi", cancellationToken: Token).ToListAsync(Token))[^1].Response!.Usage.ShouldBeNull();
        (await framed.Responses.StreamAsync("Hi", cancellationToken: Token).ToListAsync(Token))[^1].Response!.Usage.ShouldBeNull();
        var failure = await Should.ThrowAsync<VllmStreamException>(async () => await cut.Responses.StreamAsync("Hi").ToListAsync());
        failure.PartialResult.ShouldBeOfType<ResponsesResult>().Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Vectors_have_none_either()
    {
        using var client = Answering("""{"model":"m","data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":0,"total_tokens":0}}""");

        (await client.EmbedAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        (await client.AsIEmbeddingGenerator().GenerateAsync(["Hi"], cancellationToken: Token)).Usage.ShouldBeNull();
        NothingCounted();
    }

    [Fact]
    public async Task Where_no_output_came_zeros_are_what_the_server_said()
    {
        using var client = Streaming(SseText.Finish(), SseText.Usage(0, 0), SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Usage.ShouldBe(new Usage { CompletionTokens = 0 });
    }

    [Fact]
    public async Task One_count_that_is_not_zero_makes_a_usage()
    {
        using var client = Streaming(SseText.Role(), SseText.Last("a"), SseText.Usage(3, 0), SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Usage.ShouldBe(new Usage { PromptTokens = 3, CompletionTokens = 0, TotalTokens = 3 });
    }

    [Theory]
    [InlineData("""{"index":0,"delta":{}}""")]
    [InlineData("""{"index":0}""")]
    [InlineData("""{"index":0,"delta":null,"finish_reason":null}""")]
    [InlineData("""{"index":1,"delta":{},"finish_reason":null}""")]
    public async Task A_last_event_whose_choice_says_nothing_is_no_content_and_no_choice(string choice)
    {
        using var client = Streaming(SseText.Role(), SseText.Last("a"), $$$"""data: {"choices":[{{{choice}}}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""" + "\n\n", SseText.Done);

        var updates = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        updates.Count(update => update.IsContent).ShouldBe(1);
        updates[^1].Usage!.TotalTokens.ShouldBe(4);
        result.Choices.ShouldHaveSingleItem().Message.Content.ShouldBe("a");
        result.Usage!.TotalTokens.ShouldBe(4);
    }

    [Fact]
    public async Task A_choice_that_says_nothing_is_not_in_a_partial_result_either()
    {
        using var client = Streaming(SseText.Text("a"), """data: {"choices":[{"index":1,"delta":{}}]}""" + "\n\n");

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync());

        failure.PartialResult.ShouldBeOfType<ChatResult>().Choices.ShouldHaveSingleItem().Index.ShouldBe(0);
    }

    static string Event(string choice) => $$$"""data: {"id":"x","model":"m","choices":[{{{choice}}}],{{{Zeros}}}}""" + "\n\n";

    static string[] ResponsesEvents(params string[] last) =>
    [
        SseText.Event($$$$"""{"type":"response.created","response":{"id":"r","status":"in_progress","output":[],{{{{ResponsesZeros}}}}}}"""),
        SseText.Event("""{"type":"response.output_text.delta","output_index":0,"item_id":"m","delta":"ab"}"""),
        .. last.Select(SseText.Event),
    ];

    void NothingCounted() => _measured.Of("gen_ai.client.token.usage").ShouldBeEmpty();

    VllmClient Streaming(params string[] events) =>
        new ScriptedHandler().Streams([.. events.Select(BodyStep.Text)]).Client(services: new() { MeterFactory = _measured.MeterFactory });

    VllmClient Answering(string json) => new ScriptedHandler().Answers(HttpStatusCode.OK, json).Client(services: new() { MeterFactory = _measured.MeterFactory });

    sealed class Notes : VllmCallObserver
    {
        internal VllmCallSummary Summary { get; private set; }

        internal List<int?> Tokens { get; } = [];

        public override void OnContent(in ContentArrival arrival) => Tokens.Add(arrival.OutputTokensSoFar);

        public override void OnEnded(in VllmCallSummary summary) => Summary = summary;
    }
}
