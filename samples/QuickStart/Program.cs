#region snippet quickstart
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Vllm;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddVllmClient();                       // http://localhost:8000, or Vllm:BaseUrl in appsettings.json
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
    .AddVllmClientInstrumentation()
    .AddConsoleExporter());
using var app = builder.Build();
await app.StartAsync();

var client = app.Services.GetRequiredService<IVllmClient>();
await foreach (var update in client.ChatStreamAsync(new ChatRequest { Messages = ["What is vLLM?"], MaxTokens = 200 }))
    Console.Write(update.Text);

await app.StopAsync();                                  // the exporter prints latency, time to first token, tokens
#endregion
