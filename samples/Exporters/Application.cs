using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Vllm;
using Vllm.Load;
using Vllm.Simulator;

namespace ExportersSample;

/// <summary>From arguments to an exit code: 0, or 2 where the input cannot be used, with a sentence that says why.</summary>
sealed class Application(TextWriter output, TextWriter error)
{
    const int Users = 8;
    const int MaxTokens = 40;

    public async Task<int> RunAsync(string[] args)
    {
        var commandLine = new CommandLine();
        var line = commandLine.Root.Parse(args);
        if (line.Errors.Count == 0 && line.Action is not null) return line.Invoke(new() { Output = output, Error = error });
        try
        {
            if (line.Errors.Count > 0) throw new UsageException($"{string.Join(" ", line.Errors.Select(fault => fault.Message))} --help lists what can be given.");
            await RunAsync(commandLine.Read(line));
            return 0;
        }
        catch (Exception e) when (e is UsageException or VllmException or OptionsValidationException)
        {
            error.WriteLine(e.Message);
            return 2;
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C before the first answer.
            return 0;
        }
    }

    async Task RunAsync(Choices choices)
    {
        await using var simulator = choices.Url is null ? new VllmSimulator() : null;
        var builder = Host.CreateApplicationBuilder();
        // What goes wrong at the start is told in a sentence of its own.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // AddVllmClient reads its settings from the application's configuration, where an appsettings.json would put them.
        builder.Configuration["Vllm:BaseUrl"] = (choices.Url ?? await simulator!.StartAsync()).ToString();
        Add(choices, builder.Services);
        using var host = builder.Build();
        await StartAsync(host, choices);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        output.WriteLine($"Sending chats to {builder.Configuration["Vllm:BaseUrl"]}, metrics to {Destination(choices)}; Ctrl+C stops.");

        await SendAsync(host.Services, choices.Length, stopping);

        if (choices.Exporter == Exporter.Prometheus && !stopping.IsCancellationRequested)
        {
            output.WriteLine("The load has ended; the endpoint stays until Ctrl+C.");
            await host.WaitForShutdownAsync();
        }
        // The last push, while all instruments can still be read; a host that shuts down may close them first.
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await host.StopAsync();
    }

    static async Task StartAsync(IHost host, Choices choices)
    {
        try
        {
            await host.StartAsync();
        }
        catch (InvalidOperationException e) when (e.InnerException is HttpListenerException cause)
        {
            throw new UsageException($"Port {choices.Port} cannot be used ({cause.Message.TrimEnd('.')}); choose another with --port.");
        }
    }

    static void Add(Choices choices, IServiceCollection services)
    {
        switch (choices.Exporter)
        {
            case Exporter.Console:
                ConsoleExporter.Add(services);
                break;
            case Exporter.Otlp:
                OtlpExporter.Add(services);
                break;
            default:
                services.Configure<PrometheusHttpListenerOptions>(options => options.Port = choices.Port);
                PrometheusExporter.Add(services);
                break;
        }
    }

    static string Destination(Choices choices) => choices.Exporter switch
    {
        Exporter.Console => "the console",
        Exporter.Otlp => Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "http://localhost:4317",
        _ => $"http://localhost:{choices.Port}/metrics",
    };

    async Task SendAsync(IServiceProvider services, TimeSpan length, CancellationToken stopping)
    {
        var client = services.GetRequiredService<IVllmClient>();
        // A wrong address is told at once, not by a minute of failures.
        await client.ListModelsAsync(new() { MaxRetries = 0, Timeout = TimeSpan.FromSeconds(10) }, stopping);
        await using var runner = new LoadRunner(new() { MeterFactory = services.GetRequiredService<IMeterFactory>() });
        using var stop = stopping.Register(runner.Stop);
        var plan = new LoadPlan { WarmUp = null, Phases = [LoadPhase.Users(Users, length)] };
        // As an application calls it, retries included; LoadWork.Chat would leave them out, as a load test must.
        ChatRequest request = new() { Messages = ["What is vLLM?"], MaxTokens = MaxTokens };
        var report = await runner.RunAsync(plan, (_, token) => client.ChatStreamAsync(request, cancellationToken: token).ToResultAsync(cancellationToken: token), cancellationToken: CancellationToken.None);
        output.WriteLine($"{report.Total.Completed} chats answered, {report.Total.Failed} failed.");
    }
}
