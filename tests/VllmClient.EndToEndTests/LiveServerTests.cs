using Vllm.Simulator;

namespace Vllm.Tests.EndToEnd;

/// <summary>A short visit that every server must stand: the real vLLM that VLLM_TEST_URL (and VLLM_TEST_KEY) name, else the simulator.</summary>
public class LiveServerTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_answers_in_every_way()
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.H100Llama8B);
        var named = Environment.GetEnvironmentVariable("VLLM_TEST_URL");
        using var client = new VllmClient(new VllmClientOptions
        {
            BaseUrl = named is null ? await simulator.StartAsync(cancellationToken: Token) : new(named),
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
        (await client.Server.GetMetricsTextAsync(cancellationToken: Token)).ShouldContain("vllm:");
    }
}
