#region snippet quickstart
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Vllm;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddVllmClient();                       // http://localhost:8000, or Vllm:BaseUrl in appsettings.json
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddVllmClientInstrumentation().AddConsoleExporter());
using var app = builder.Build();
await app.StartAsync();

var client = app.Services.GetRequiredService<IVllmClient>();
try
{
    var answer = await client.ChatStreamAsync(new ChatRequest { Messages = ["What is vLLM?"], MaxTokens = 200 })
        .ToResultAsync(update => Console.Write(update.Text));
    Console.WriteLine($"\n{answer.Usage?.CompletionTokens} tokens, the first after {answer.Info.Timings.FirstContent?.TotalMilliseconds:0} ms");

    var typed = await client.ChatAsync("Name a city and its country.", Answers.Default.City);   // sends the schema of City
    Console.WriteLine(typed.TryGetValue(out var city) ? $"{city.Name} is in {city.Country}." : "The answer is no city.");
}
catch (VllmException error)                             // a cut answer never looks complete; error.PartialResult has what arrived
{
    Console.Error.WriteLine(error.Message);             // what was tried, what happened, what to do
}

await app.StopAsync();                                  // the exporter prints latency, time to first token, tokens

sealed record City(string Name, string Country);

[JsonSerializable(typeof(City))]
sealed partial class Answers : JsonSerializerContext;
#endregion
