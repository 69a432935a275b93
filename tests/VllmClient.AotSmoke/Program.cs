using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Vllm;
using Vllm.Simulator;

// A native program that walks through every public entry point. It fails loudly: any exception is a non-zero exit code.
await using var simulator = new VllmSimulator(SimulatorOptions.H100Llama8B);
var url = await simulator.StartAsync();

var services = new ServiceCollection();
services.AddVllmClient(options => options.BaseUrl = url);
services.AddKeyedVllmClient("second", options => options.BaseUrl = url);
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IVllmClient>();
Require(!ReferenceEquals(client, provider.GetRequiredKeyedService<IVllmClient>("second")), "a named client is one of its own");

Require((await client.Server.WaitUntilReadyAsync(TimeSpan.FromSeconds(30))).Id == "sim-8b", "the server is ready");
Require(await client.Server.IsHealthyAsync(), "the server is healthy");
Require((await client.Server.GetVersionAsync()).Length > 0, "the server tells its version");
Require((await client.Server.GetMetricsTextAsync()).Contains("vllm:", StringComparison.Ordinal), "the server tells its metrics");
Require((await client.ListModelsAsync()).Count == 1, "the server lists its model");

var chat = await client.ChatAsync(new ChatRequest { Messages = ["Hello"], MaxTokens = 8 });
Require(chat.Text.Length > 0 && chat.Usage?.CompletionTokens == 8, "a chat answers");
var completion = await client.CompleteAsync(new CompletionRequest { Prompt = "Once", MaxTokens = 8 });
Require(completion.Text.Length > 0 && completion.Usage?.CompletionTokens == 8, "a completion answers");

var chunks = 0;
await foreach (var update in client.ChatStreamAsync(new ChatRequest { Messages = ["Hello"], MaxTokens = 8 })) chunks += update.IsContent ? 1 : 0;
Require(chunks == 8, "a chat streams");
await foreach (var update in client.CompleteStreamAsync(new CompletionRequest { Prompt = "Once", MaxTokens = 8 })) chunks += update.IsContent ? 1 : 0;
Require(chunks == 16, "a completion streams");

using (var adapter = client.AsIChatClient())
{
    var answer = await adapter.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 8, AdditionalProperties = new() { ["ignore_eos"] = true } });
    Require(answer.Text.Length > 0 && answer.Usage?.OutputTokenCount == 8, "a chat answers through Microsoft.Extensions.AI");
    var folded = await adapter.GetStreamingResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 8, ToolMode = ChatToolMode.None, Tools = [AIFunctionFactory.CreateDeclaration("f", "A function.", JsonDocument.Parse("{}").RootElement)] }).ToChatResponseAsync();
    Require(folded.Text.Length > 0 && folded.Usage?.OutputTokenCount == 8, "a chat streams through Microsoft.Extensions.AI");
    var again = await adapter.GetResponseAsync(
        [
            new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.User, "Hello"),
            new(Microsoft.Extensions.AI.ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["x"] = 1 })]),
            new(Microsoft.Extensions.AI.ChatRole.Tool, [new FunctionResultContent("c", JsonDocument.Parse("[1]").RootElement)]),
        ],
        new ChatOptions { MaxOutputTokens = 8 });
    Require(again.Text.Length > 0, "calls and results go back through Microsoft.Extensions.AI");
    Require(adapter.GetService<IVllmClient>() == client, "an adapter tells its client");
}

using (var generator = client.AsIEmbeddingGenerator(dimensions: 8))
{
    try
    {
        await generator.GenerateAsync(["Hello"]);
        Require(false, "the simulator has no embeddings");
    }
    catch (VllmApiException error)
    {
        Require(error.IsUnsupported, "a server without embeddings says so");
    }
}

try
{
    await client.Responses.CreateAsync(new ResponsesRequest { Input = ["Hello"], MaxOutputTokens = 8 });
    Require(false, "the simulator has no Responses API");
}
catch (VllmApiException error)
{
    Require(error.IsUnsupported, "a server without the Responses API says so");
}

try
{
    await client.ChatAsync(new ChatRequest { Model = "nope", Messages = ["Hello"] });
    Require(false, "an unknown model is refused");
}
catch (VllmApiException error)
{
    Require(error.IsModelNotFound, "the refusal says that the model is unknown");
}

await Vllm.Tests.AotSmoke.EndpointsPart.RunAsync(client);
await Vllm.Tests.AotSmoke.ChatPart.RunAsync((VllmClient)client);
await Vllm.Tests.AotSmoke.LoadPart.RunAsync(client);
Console.WriteLine("The native program used every entry point.");

static void Require(bool condition, string what)
{
    if (!condition) throw new InvalidOperationException($"Not so: {what}.");
}
