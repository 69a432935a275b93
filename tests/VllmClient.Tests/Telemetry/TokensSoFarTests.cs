using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>A chunk is not a token: what a stream tells of the tokens in its chunks, through the client as a whole.</summary>
public sealed class TokensSoFarTests : IDisposable
{
    const string Running = ""","usage":{"prompt_tokens":7,"total_tokens":TOTAL,"completion_tokens":COUNT}""";

    readonly MeasuredClient _measured = new();
    readonly Arrivals _observer = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_chunk_of_several_tokens_is_counted_by_the_running_usage()
    {
        await ReadAsync(SseText.Role(), Chunk(tokens: 4), Pause(160), Chunk(tokens: 8), Chunk(tokens: 12), SseText.Finish(), SseText.Usage(7, 12), SseText.Done);

        _observer.Tokens.ShouldBe([4, 8, 12]);
        _observer.Summary.FirstContentTokens.ShouldBe(4);
        // 160 ms for the twelve tokens less the four that came first.
        PerToken().ShouldBe([0.02]);
    }

    [Fact]
    public async Task A_first_chunk_of_several_tokens_is_counted_by_its_token_ids()
    {
        await ReadAsync(SseText.Role(), Chunk("1,2,3"), Pause(100), Chunk("4,5"), SseText.Finish(), SseText.Usage(7, 5), SseText.Done);

        _observer.Tokens.ShouldBe([3, 5]);
        _observer.Summary.FirstContentTokens.ShouldBe(3);
        PerToken().ShouldBe([0.05]);
    }

    [Fact]
    public async Task Without_either_the_first_chunk_passes_for_one_token_and_no_count_is_told()
    {
        await ReadAsync(SseText.Role(), SseText.Text("a"), Pause(100), SseText.Text("b"), SseText.Finish(), SseText.Usage(7, 5), SseText.Done);

        _observer.Tokens.ShouldBe([null, null]);
        _observer.Summary.FirstContentTokens.ShouldBeNull();
        PerToken().ShouldBe([0.025]);
    }

    [Theory]
    [InlineData("chat-stream-interval-4", 1)]
    [InlineData("chat-stream-interval-4-ids", 1)]
    public async Task The_recorded_server_sends_one_token_and_then_four_at_a_time(string recording, int first)
    {
        using var scope = VllmCallObserver.Use(_observer);
        using var client = new ScriptedHandler().Answers(Testing.Recording.Load(recording)).Client();

        await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        _observer.Summary.FirstContentTokens.ShouldBe(first);
        _observer.Tokens.Zip(_observer.Tokens.Skip(1), (before, after) => after - before).ShouldAllBe(step => step == 4);
        _observer.Tokens[^1].ShouldBe(21);
    }

    public void Dispose() => _measured.Dispose();

    async Task ReadAsync(params BodyStep[] body)
    {
        using var scope = VllmCallObserver.Use(_observer);
        using var client = new ScriptedHandler().Streams(body).Client(services: new() { TimeProvider = _measured.Clock, MeterFactory = _measured.MeterFactory });
        await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
    }

    static string Chunk(int tokens) => SseText.Text("a").Replace(
        "}]}",
        "}]" + Running.Replace("TOTAL", $"{tokens + 7}", StringComparison.Ordinal).Replace("COUNT", $"{tokens}", StringComparison.Ordinal) + "}",
        StringComparison.Ordinal);

    static string Chunk(string tokenIds) => SseText.Text("a").Replace("\"token_ids\":null", $"\"token_ids\":[{tokenIds}]", StringComparison.Ordinal);

    BodyStep Pause(int milliseconds) => BodyStep.Do(() => _measured.Pass(milliseconds));

    IEnumerable<double> PerToken() => _measured.Of(VllmTelemetry.Instruments.TimePerOutputToken).Select(one => Math.Round(one.Value, 9));

    sealed class Arrivals : VllmCallObserver
    {
        internal List<int?> Tokens { get; } = [];

        internal VllmCallSummary Summary { get; private set; }

        public override void OnContent(in ContentArrival arrival) => Tokens.Add(arrival.OutputTokensSoFar);

        public override void OnEnded(in VllmCallSummary summary) => Summary = summary;
    }
}
