using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Vllm.Testing;
using Vllm.Tests.Exporters;

namespace Vllm.Tests.Prometheus;

/// <summary>A sample of a query's answer: its labels and its values in time.</summary>
sealed record Answer(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(DateTimeOffset At, double Value)> Values)
{
    public double Value => Values[^1].Value;
}

/// <summary>A real Prometheus that scrapes three addresses every second, on loopback, in a folder of its own.</summary>
sealed class PrometheusServer : IAsyncDisposable
{
    const string LastScrape = "max(timestamp(vllm_client_active_requests))";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vllm-prometheus");
    readonly StartedProgram _program;
    readonly HttpClient _http;

    PrometheusServer(Uri application, Uri resources, Uri server)
    {
        var port = FreePort();
        _http = new() { BaseAddress = new($"http://127.0.0.1:{port}") };
        var configuration = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(configuration, $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
              evaluation_interval: 1s
            rule_files:
              - {RepositoryFiles.Path(PromDocuments.Rules)}
            scrape_configs:
              - job_name: app
                static_configs:
                  - targets: ['{application.Authority}', '{resources.Authority}']
              - job_name: vllm
                static_configs:
                  - targets: ['{server.Authority}']
            """);
        _program = new("prometheus", [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}"]);
    }

    public string Text => _program.Text;

    public static async Task<PrometheusServer> StartAsync(Uri application, Uri resources, Uri server, CancellationToken cancellationToken)
    {
        var prometheus = new PrometheusServer(application, resources, server);
        await prometheus._program.HasWrittenAsync("Server is ready to receive web requests.", cancellationToken);
        // It collects what to scrape for some seconds before it begins.
        await prometheus.HasAsync("max(timestamp(up))", DateTimeOffset.MinValue, cancellationToken);
        return prometheus;
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What the expression gives at this moment; fails with Prometheus' own words where it gives an error.</summary>
    public async Task<IReadOnlyList<Answer>> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([new("query", expression), new("time", Seconds(at))]);
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form, cancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        response.IsSuccessStatusCode.ShouldBeTrue($"{expression}: {json.RootElement}");
        var data = json.RootElement.GetProperty("data");
        return data.GetProperty("resultType").GetString() == "scalar"
            ? [new(new Dictionary<string, string>(), [Sample(data.GetProperty("result"))])]
            : [.. data.GetProperty("result").EnumerateArray().Select(ToAnswer)];
    }

    public async Task<double> ValueAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await QueryAsync(expression, at, cancellationToken)).ShouldHaveSingleItem(expression).Value;

    /// <summary>The values of a label, as a dashboard's variable asks for them.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string label, string selector, CancellationToken cancellationToken)
    {
        var json = await _http.GetStringAsync(new Uri($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}", UriKind.Relative), cancellationToken);
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(value => value.GetString()!)];
    }

    /// <summary>The alerts by name, each with its health and its state.</summary>
    public async Task<IReadOnlyDictionary<string, (string Health, string State)>> AlertsAsync(CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), cancellationToken));
        return document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .ToDictionary(rule => rule.GetProperty("name").GetString()!, rule => (rule.GetProperty("health").GetString()!, rule.GetProperty("state").GetString()!), StringComparer.Ordinal);
    }

    /// <summary>When the application was last scraped before this moment; null if it was not within minutes.</summary>
    public Task<DateTimeOffset?> LastScrapeAsync(DateTimeOffset moment, CancellationToken cancellationToken) => TimeAsync(LastScrape, moment, cancellationToken);

    /// <summary>Waits until the application has been scraped after this moment; returns when it was.</summary>
    public Task<DateTimeOffset> HasScrapedAfterAsync(DateTimeOffset moment, CancellationToken cancellationToken) => HasAsync(LastScrape, moment, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    async Task<DateTimeOffset?> TimeAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        await QueryAsync(expression, at, cancellationToken) is [var found] ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(found.Value * 1000)) : null;

    async Task<DateTimeOffset> HasAsync(string expression, DateTimeOffset after, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (await TimeAsync(expression, TimeProvider.System.GetUtcNow(), cancellationToken) is { } time && time > after) return time;
        }

        throw new InvalidOperationException("Timers do not end.");
    }

    static Answer ToAnswer(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
        series.TryGetProperty("value", out var value) ? [Sample(value)] : [.. series.GetProperty("values").EnumerateArray().Select(Sample)]);

    static (DateTimeOffset, double) Sample(JsonElement pair) => (
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(pair[0].GetDouble() * 1000)),
        pair[1].GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number!, CultureInfo.InvariantCulture),
        });

    static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);
}
