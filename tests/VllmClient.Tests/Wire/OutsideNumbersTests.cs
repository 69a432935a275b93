using System.Net;
using Microsoft.Extensions.AI;
using Vllm.Testing;
using Vllm.Tests.Telemetry;

namespace Vllm.Tests.Wire;

/// <summary>Numbers of a server that would size or index something. Bad ones end in an exception of the family, and cost no more memory than arrived.</summary>
[Collection(nameof(Alone))]
public sealed class OutsideNumbersTests : IDisposable
{
    readonly MeasuredClient _measured = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> BadIndices => ["-1", "-2147483648", "16384", "2000000000", "5000000000", "1e300", "0.5"];

    public void Dispose() => _measured.Dispose();

    [Theory]
    [MemberData(nameof(BadIndices))]
    public async Task A_choice_index_that_cannot_be_is_malformed_and_no_observer_sees_it(string index)
    {
        using var chat = Streaming(SseText.Text("ab"), SseText.Chat($$$"""{"index":{{{index}}},"delta":{"content":"c"}}"""), SseText.Done);
        using var completion = Streaming(SseText.Completion("ab"), $$"""data: {"choices":[{"index":{{index}},"text":"c","finish_reason":"stop"}]}""" + "\n\n", SseText.Done);
        var observer = new Choices();
        using var scope = VllmCallObserver.Use(observer);

        var chatFailure = await Should.ThrowAsync<VllmStreamException>(() => chat.ChatStreamAsync(new() { Messages = ["Hi"], N = 2 }).ToResultAsync());
        var adapterFailure = await Should.ThrowAsync<VllmStreamException>(() => chat.AsIChatClient().GetStreamingResponseAsync("Hi").ToChatResponseAsync());
        var completionFailure = await Should.ThrowAsync<VllmStreamException>(() => completion.CompleteStreamAsync("Hi").ToResultAsync());

        foreach (var failure in new[] { chatFailure, adapterFailure, completionFailure })
        {
            failure.Reason.ShouldBe(VllmStreamFailure.Malformed);
            failure.PartialText.ShouldBe("ab");
        }

        observer.Seen.ShouldBe([0, 0, 0]);
        observer.ErrorTypes.ShouldBe(["stream_malformed", "stream_malformed", "stream_malformed"]);
    }

    [Theory]
    [MemberData(nameof(BadIndices))]
    public async Task A_choice_index_that_cannot_be_makes_a_whole_answer_unreadable(string index)
    {
        using var client = Answering($$"""{"id":"x","choices":[{"index":{{index}},"message":{"content":"c"},"text":"c","finish_reason":"stop"}]}""");

        await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi"));
        await Should.ThrowAsync<VllmApiException>(() => client.CompleteAsync("Hi"));
        await Should.ThrowAsync<VllmApiException>(() => client.ChatStreamAsync("Hi").ToResultAsync());
    }

    [Theory]
    [MemberData(nameof(BadIndices))]
    public async Task A_tool_index_that_cannot_be_is_malformed(string index)
    {
        using var client = Streaming(SseText.Chat($$$"""{"index":0,"delta":{"tool_calls":[{"index":{{{index}}},"id":"a","function":{"name":"f","arguments":"{}"}}]}}"""), SseText.Finish("tool_calls"), SseText.Done);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync());

        failure.Reason.ShouldBe(VllmStreamFailure.Malformed);
    }

    [Fact]
    public async Task An_error_beats_a_bad_index_beside_it()
    {
        using var client = Streaming(SseText.Text("ab"), """data: {"choices":[{"index":-1,"delta":{"content":"z"}}],"error":{"message":"no","code":503}}""" + "\n\n", SseText.Done);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync());

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe("503");
        failure.PartialText.ShouldBe("ab");
    }

    [Fact]
    public async Task The_highest_index_there_is_costs_no_more_than_another()
    {
        using var client = Streaming(SseText.Text("a", 16383), SseText.Text("b", 16383), SseText.Last("c", "stop", 16383), SseText.Done);
        using var small = Streaming(SseText.Text("a", 1), SseText.Text("b", 1), SseText.Last("c", "stop", 1), SseText.Done);
        await AllocatedAsync(client);

        (await AllocatedAsync(client)).ShouldBeLessThan(await AllocatedAsync(small) + 2048);
    }

    [Fact]
    public async Task Choices_that_were_asked_for_and_do_not_come_cost_nothing()
    {
        using var client = Streaming(SseText.Text("a"), SseText.Text("b", 1), SseText.Last("c"), SseText.Last("c", "stop", 1), SseText.Done);
        await AllocatedAsync(client);

        (await AllocatedAsync(client, choices: 2_000_000_000)).ShouldBeLessThan(await AllocatedAsync(client, choices: 2) + 2048);
    }

    [Fact]
    public async Task An_event_of_more_choices_than_there_can_be_is_malformed()
    {
        using var client = Streaming(SseText.Chat(string.Join(',', Enumerable.Repeat("{}", 16385))), SseText.Done);

        (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync())).Reason.ShouldBe(VllmStreamFailure.Malformed);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2000000000")]
    [InlineData("5000000000")]
    public async Task An_output_index_of_a_response_that_cannot_be_is_malformed(string index)
    {
        using var client = Streaming(SseText.Event($$"""{"type":"response.output_text.delta","output_index":{{index}},"delta":"a"}"""));

        (await Should.ThrowAsync<VllmStreamException>(async () => await client.Responses.StreamAsync("Hi").ToListAsync())).Reason.ShouldBe(VllmStreamFailure.Malformed);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("5000000000")]
    [InlineData("0.5")]
    public async Task An_item_whose_index_cannot_be_makes_the_answer_unreadable(string index)
    {
        var item = $$"""{"index":{{index}},"embedding":[1],"data":[1],"relevance_score":0.5,"score":0.5,"probs":[1]}""";
        using var client = Answering($$"""{"data":[{{item}}],"results":[{{item}}]}""");

        await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync("x"));
        await Should.ThrowAsync<VllmApiException>(() => client.PoolAsync("x"));
        await Should.ThrowAsync<VllmApiException>(() => client.ClassifyAsync("x"));
        await Should.ThrowAsync<VllmApiException>(() => client.ScoreAsync(new() { Queries = ["q"], Documents = ["d"] }));
        await Should.ThrowAsync<VllmApiException>(() => client.RerankAsync(new() { Query = "q", Documents = ["d"] }));
        await Should.ThrowAsync<VllmApiException>(() => client.AsIEmbeddingGenerator().GenerateAsync(["x"]));
    }

    [Theory]
    [InlineData("""{"index":-1,"start":0,"end":4,"shape":[1]}""")]
    [InlineData("""{"index":0,"start":0,"end":4,"shape":[-1,-1]}""")]
    [InlineData("""{"index":0,"start":0,"end":4,"shape":[5000000000,1]}""")]
    [InlineData("""{"index":0,"start":0,"end":4,"shape":[1,"x"]}""")]
    [InlineData("""{"index":0,"start":0,"end":5000000000,"shape":[1]}""")]
    [InlineData("""{"index":0,"start":0,"end":0,"shape":[65536,65536,65536,65536]}""")]
    public async Task A_header_of_bytes_whose_numbers_cannot_be_makes_the_answer_unreadable(string item)
    {
        using var client = Bytes(4, $$"""{"data":[{{item}}]}""");

        await Should.ThrowAsync<VllmApiException>(() => client.PoolAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));
    }

    [Fact]
    public async Task Bytes_that_a_header_hands_out_many_times_are_not_copied_many_times()
    {
        // Copied for each, they would be 4 GiB. The call may change threads, so the whole process is counted, other tests included.
        const int Size = 8 * 1048576;
        var items = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"index":{{i}},"start":0,"end":{{Size}}}"""));
        using var client = Bytes(Size, $$"""{"data":[{{items}}]}""");
        var before = GC.GetTotalAllocatedBytes();

        await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(1L << 30);
    }

    [Theory]
    [InlineData("[1,5000000000,2]")]
    [InlineData("[1,-7,2]")]
    [InlineData("[1,null,2]")]
    [InlineData("""[1,"2",3]""")]
    [InlineData("[1,2.5]")]
    public async Task Token_ids_of_which_one_is_none_are_absent_and_not_shifted(string ids)
    {
        using var client = Streaming(
            $$$"""data: {"choices":[{"index":0,"delta":{"content":"a"},"token_ids":{{{ids}}},"finish_reason":"stop"}],"prompt_token_ids":{{{ids}}}}""" + "\n\n", SseText.Done);
        using var tokens = Answering($$$"""{"count":3,"tokens":{{{ids}}}}""");

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.ShouldBe("a");
        result.Choices[0].TokenIds.ShouldBeNull();
        result.PromptTokenIds.ShouldBeNull();
        await Should.ThrowAsync<VllmApiException>(() => tokens.TokenizeAsync("x"));
    }

    [Fact]
    public async Task Bytes_of_a_token_that_are_none_are_absent()
    {
        using var client = Streaming(
            SseText.Chat("""{"index":0,"delta":{"content":"a"},"finish_reason":"stop","logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97,300]},{"token":"b","logprob":-1,"bytes":[98]}]}}"""), SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Choices[0].Logprobs![0].Bytes.ShouldBeNull();
        result.Choices[0].Logprobs![1].Bytes.ShouldBe([98]);
    }

    [Fact]
    public async Task Offsets_and_ranks_below_zero_are_absent()
    {
        using var client = Streaming(
            """data: {"choices":[{"index":0,"text":"a","finish_reason":"stop","logprobs":{"tokens":["a"],"token_logprobs":[-1],"text_offset":[-3],"top_logprobs":[]},"prompt_logprobs":[null,{"7":{"logprob":-1,"rank":-2},"-9":{"logprob":-2}}]}]}""" + "\n\n", SseText.Done);

        var failure = await client.CompleteStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        failure.Choices[0].Logprobs!.ShouldHaveSingleItem().TextOffset.ShouldBeNull();
    }

    [Fact]
    public async Task Negative_counts_are_absent_and_reach_no_counter()
    {
        using var client = Streaming(
            SseText.Last("a"),
            """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":-1,"total_tokens":-5,"prompt_tokens_details":{"cached_tokens":-2,"created_cache_tokens":-3,"multimodal_tokens":-4},"completion_tokens_details":{"reasoning_tokens":-6}}}""" + "\n\n",
            SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Usage.ShouldBe(new Usage { PromptTokens = 7, TotalTokens = 7 });
        Counted().ShouldBe([("gen_ai.client.token.usage", 7)]);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":3,"total_tokens":10}""", 7, 3, 10)]
    [InlineData("""{"prompt_tokens":2,"completion_tokens":3,"total_tokens":-1}""", 2, 3, 5)]
    public async Task A_negative_count_is_worked_out_where_the_others_tell_it(string usage, int prompt, int completion, int total)
    {
        using var client = Streaming(SseText.Last("a"), $$$"""data: {"choices":[],"usage":{{{usage}}}}""" + "\n\n", SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Usage.ShouldBe(new Usage { PromptTokens = prompt, CompletionTokens = completion, TotalTokens = total });
    }

    [Theory]
    [InlineData("""{"prompt_tokens":-5}""")]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":3,"total_tokens":-2}""")]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":3,"total_tokens":2}""")]
    [InlineData("""{"prompt_tokens":2000000000,"completion_tokens":2000000000}""")]
    public async Task Without_a_count_for_the_prompt_there_is_no_usage(string usage)
    {
        using var client = Streaming(SseText.Last("a"), $$$"""data: {"choices":[],"usage":{{{usage}}}}""" + "\n\n", SseText.Done);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Usage.ShouldBeNull();
        Counted().ShouldBeEmpty();
    }

    [Fact]
    public async Task Negative_counts_of_other_answers_are_absent_too()
    {
        using var responses = Answering(
            """{"id":"r","object":"response","status":"completed","output":[],"usage":{"input_tokens":7,"output_tokens":-1,"total_tokens":-1,"input_tokens_details":{"cached_tokens":-2},"output_tokens_details":{"reasoning_tokens":-3}}}""");
        using var vectors = Answering("""{"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":-7,"total_tokens":-7}}""");
        using var tokens = Answering("""{"count":-1,"max_model_len":-8,"tokens":[4,5]}""");
        using var classes = Answering("""{"data":[{"index":0,"probs":[1],"num_classes":-1}]}""");
        using var models = Answering("""{"data":[{"id":"m","max_model_len":-1}]}""");

        (await responses.Responses.CreateAsync("Hi", cancellationToken: Token)).Usage.ShouldBe(new Usage { PromptTokens = 7, TotalTokens = 7 });
        (await vectors.EmbedAsync("Hi", cancellationToken: Token)).Usage.ShouldBeNull();
        var tokenized = await tokens.TokenizeAsync("Hi", cancellationToken: Token);
        tokenized.Count.ShouldBe(2);
        tokenized.MaxModelLength.ShouldBeNull();
        (await classes.ClassifyAsync("Hi", cancellationToken: Token)).Data[0].ClassCount.ShouldBeNull();
        (await models.ListModelsAsync(cancellationToken: Token))[0].MaxModelLength.ShouldBeNull();
        Counted().ShouldBe([("gen_ai.client.token.usage", 7)]);
    }

    [Fact]
    public async Task Many_parts_of_a_text_take_time_that_grows_with_their_number_alone()
    {
        var parts = string.Join(',', Enumerable.Repeat("""{"text":"abcdefgh"}""", 20_000));
        using var client = Streaming(SseText.Chat($$$"""{"index":0,"delta":{"content":[{{{parts}}}]},"finish_reason":"stop"}"""), SseText.Done);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.Length.ShouldBe(160_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000_000);
    }

    IEnumerable<(string, double)> Counted() =>
        _measured.Recordings.Where(one => one.Instrument.Contains("token.usage", StringComparison.Ordinal) || one.Instrument.Contains(".usage.", StringComparison.Ordinal))
            .Where(one => one.Instrument != VllmTelemetry.Instruments.UsageMissing).Select(one => (one.Instrument, one.Value));

    VllmClient Streaming(params string[] events) =>
        new ScriptedHandler().Streams([.. events.Select(BodyStep.Text)]).Client(services: new() { MeterFactory = _measured.MeterFactory });

    VllmClient Answering(string json) => new ScriptedHandler().Answers(HttpStatusCode.OK, json).Client(services: new() { MeterFactory = _measured.MeterFactory });

    static VllmClient Bytes(int length, string metadata) => new ScriptedHandler().Answers(() =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[length]) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "application/octet-stream");
        response.Headers.TryAddWithoutValidation("metadata", metadata);
        return response;
    }).Client();

    // Everything completes at once over a stream in memory, so the whole call stays on this thread.
    static async Task<long> AllocatedAsync(VllmClient client, int? choices = null)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await client.ChatStreamAsync(new() { Messages = ["Hi"], N = choices }, cancellationToken: Token).ToListAsync(Token);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    sealed class Choices : VllmCallObserver
    {
        internal List<int> Seen { get; } = [];

        internal List<string?> ErrorTypes { get; } = [];

        public override void OnContent(in ContentArrival arrival) => Seen.Add(arrival.Choice);

        public override void OnEnded(in VllmCallSummary summary) => ErrorTypes.Add(summary.ErrorType);
    }
}
