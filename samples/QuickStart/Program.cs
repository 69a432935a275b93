#region snippet quickstart
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Vllm;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddVllmClient();   // reads the section "Vllm"; BaseUrl is http://localhost:8000 unless set
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddVllmClientInstrumentation().AddConsoleExporter());
using var host = builder.Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<IVllmClient>();
await foreach (var update in client.ChatStreamAsync("Explain general relativity in three sentences."))
{
    Console.Write(update.Text);
    if (update.Usage is { } usage)
        Console.WriteLine($"\n{usage.PromptTokens} tokens in, {usage.CompletionTokens} out");
}

await host.StopAsync();   // disposing the host flushes the metrics: latency, time to first token, tokens
#endregion
