using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ExportersSample;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using Vllm.Resources;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Repository.Prometheus;

/// <summary>What the scrape endpoint of samples/Exporters says after calls that touch every instrument, and what a vLLM server says.</summary>
public sealed partial class ExporterText : IAsyncLifetime
{
    const string Counted = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795492926,"model":"tiny","choices":[],"usage":{"prompt_tokens":18,"total_tokens":30,"completion_tokens":12,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}""";

    /// <summary>Names of series, in the exporter's text.</summary>
    public IReadOnlySet<string> Series { get; private set; } = new HashSet<string>();

    /// <summary>Names of metrics without the endings that histograms get.</summary>
    public IReadOnlySet<string> Metrics { get; private set; } = new HashSet<string>();

    /// <summary>Names of labels, in the exporter's text.</summary>
    public IReadOnlySet<string> Labels { get; private set; } = new HashSet<string>();

    /// <summary>The same three of the server, in one.</summary>
    public IReadOnlySet<string> ServerNames { get; private set; } = new HashSet<string>();

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var text = await RunAsync(token);
        Series = Found(Sample(), text);
        Labels = Found(Label(), text);
        Metrics = Found(Typed(), text);

        await using var simulator = new VllmSimulator(SimulatorOptions.Instant);
        using var client = new VllmClient(new HttpClient(simulator.CreateHandler()), new());
        var server = await client.Server.GetMetricsTextAsync(cancellationToken: token);
        ServerNames = new HashSet<string>(Found(Sample(), server).Concat(Found(Label(), server)).Concat(Found(Typed(), server)), StringComparer.Ordinal);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static async Task<string> RunAsync(CancellationToken token)
    {
        using var script = new ScriptedHandler()
            .Answers(HttpStatusCode.ServiceUnavailable, "busy", "text/plain", ("Retry-After", "0"))
            .Streams(SseText.Role() + SseText.Text("Hel") + SseText.Text("lo") + SseText.Finish() + SseText.Event(Counted) + SseText.Done)
            .Streams(SseText.Role() + SseText.Text("Hel") + SseText.Text("lo") + SseText.Finish() + SseText.Done)
            .Answers(HttpStatusCode.BadRequest, """{"error":{"message":"no","type":"BadRequestError","param":null,"code":400}}""");
        var port = FreePort();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<PrometheusHttpListenerOptions>(options => options.Port = port);
        PrometheusExporter.Add(builder.Services);
        builder.Services.AddVllmClient(options =>
        {
            options.DefaultModel = "tiny";
            options.MaxConcurrentRequests = 1;
        }).ConfigurePrimaryHttpMessageHandler(() => script);
        builder.Services.AddVllmResourceProbe(options =>
        {
            options.WatchDefaultClient = false;
            options.ServerInstruments = true;
            options.Sources.Add(new PlantedMachine("gpu-1"));
        });
        using var host = builder.Build();
        await host.StartAsync(token);
        await host.Services.GetRequiredService<ResourceProbe>().SampleAsync(token);
        var client = host.Services.GetRequiredService<IVllmClient>();
        ChatRequest request = new() { Messages = ["Hello"] };
        await client.ChatStreamAsync(request, cancellationToken: token).ToResultAsync(cancellationToken: token);
        await client.ChatStreamAsync(request, cancellationToken: token).ToResultAsync(cancellationToken: token);
        await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync(request, cancellationToken: token));

        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://localhost:{port}/metrics"), token);
        await host.StopAsync(token);
        return text;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static HashSet<string> Found(Regex regex, string text) => new(regex.Matches(text).Select(match => match.Groups[1].Value), StringComparer.Ordinal);

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\"")]
    private static partial Regex Label();

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Typed();
}
