namespace Vllm.Tests.EndToEnd;

/// <summary>A look at a real vLLM, named by VLLM_TEST_URL (and VLLM_TEST_KEY). Run on demand only: <c>dotnet run --project tests/VllmClient.EndToEndTests -- -explicit only</c>.</summary>
public class LiveServerTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task A_real_server_answers_in_every_way()
    {
        using var client = new VllmClient(new VllmClientOptions
        {
            BaseUrl = new(Environment.GetEnvironmentVariable("VLLM_TEST_URL") ?? throw new InvalidOperationException("Set VLLM_TEST_URL to the server's URL.")),
            ApiKey = Environment.GetEnvironmentVariable("VLLM_TEST_KEY"),
        });
        var model = await client.Server.WaitUntilReadyAsync(TimeSpan.FromMinutes(5), cancellationToken: Token);
        ChatRequest request = new() { Model = model.Id, Messages = ["Say hello."], MaxTokens = 16 };

        var whole = await client.ChatAsync(request, cancellationToken: Token);
        var stream = await client.ChatStreamAsync(request, cancellationToken: Token).ToResultAsync(cancellationToken: Token);
        var completion = await client.CompleteAsync(new() { Model = model.Id, Prompt = "Hello", MaxTokens = 8 }, cancellationToken: Token);
        var tokens = await client.TokenizeAsync(new() { Model = model.Id, Prompt = "Hello" }, cancellationToken: Token);
        var refused = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync(request with { Model = "no-such-model" }, cancellationToken: Token));

        whole.Usage!.CompletionTokens!.Value.ShouldBeInRange(1, 16);
        stream.Usage!.PromptTokens.ShouldBe(whole.Usage.PromptTokens);
        stream.Info.Timings.FirstContent.ShouldNotBeNull();
        completion.Usage!.CompletionTokens!.Value.ShouldBeInRange(1, 8);
        tokens.Count.ShouldBeGreaterThan(0);
        refused.IsModelNotFound.ShouldBeTrue();
        (await client.Server.GetMetricsTextAsync(Token)).ShouldContain("vllm:");
    }
}
