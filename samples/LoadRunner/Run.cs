using Vllm;
using Vllm.Load;
using Vllm.Reports;
using Vllm.Simulator;

namespace LoadRunnerSample;

/// <summary>One load run, from the server to the printed report.</summary>
static class Run
{
    public static async Task<int> ExecuteAsync(RunSettings settings)
    {
        await using var simulator = settings.Url is null ? new VllmSimulator(Server.Options(settings.Simulate)) : null;
        var url = settings.Url ?? await simulator!.StartAsync();
        Console.WriteLine(simulator is null
            ? $"Server: {url}"
            : $"No --url given: the simulator ({settings.Simulate}) serves at {url} in this process.");
        try
        {
            using var client = new VllmClient(new VllmClientOptions { BaseUrl = url, ApiKey = settings.ApiKey, DefaultModel = settings.Model, MaxRetries = 0 });
            await CheckAsync(client, url, settings.Model);
            var report = await RunAsync(client, settings);
            report.WriteTo(Console.Out, new TextReportOptions { Language = settings.Language });
            if (settings.Out is not null) Save(report, settings.Out);
            return ExitCode(report.Verdict);
        }
        catch (LoadPlanException error)
        {
            throw new UsageException(error.Message);
        }
        catch (Exception error) when (error is VllmException or ArgumentException)
        {
            throw new UsageException(error.Message);
        }
    }

    // A wrong address is told at once; only a server that is there, but not ready, is waited for.
    static async Task CheckAsync(VllmClient client, Uri url, string? model)
    {
        var models = await client.ListModelsAsync();
        if (models.Count == 0) throw new UsageException($"{url} serves no model.");
        if (model is not null && models.All(one => one.Id != model))
            throw new UsageException($"{url} does not serve the model '{model}'. It serves: {string.Join(", ", models.Select(one => one.Id))}. Set --model to one of them.");
    }

    static async Task<LoadReport> RunAsync(VllmClient client, RunSettings settings)
    {
        await using var runner = new Vllm.Load.LoadRunner();
        using var cancel = new CancellationTokenSource();
        using var progress = new ProgressPrinter(settings.Progress, settings.Language);
        var stops = 0;
        ConsoleCancelEventHandler onKey = (_, key) =>
        {
            key.Cancel = true;
            if (stops++ == 0) runner.Stop();
            else cancel.Cancel();
        };
        Console.CancelKeyPress += onKey;
        try
        {
            var work = settings.IsChat ? LoadWork.Chat(client, settings.Prompts) : LoadWork.Complete(client, settings.Prompts);
            return await runner.RunAsync(settings.Plan, work, progress.IsSilent ? null : progress, cancel.Token);
        }
        catch (LoadCancelledException error) when (error.Report is { } partial)
        {
            return partial;
        }
        finally
        {
            Console.CancelKeyPress -= onKey;
        }
    }

    static void Save(LoadReport report, string path)
    {
        try
        {
            foreach (var file in report.Save(path)) Console.WriteLine($"Saved {file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The report cannot be saved to {path}: {error.Message}");
        }
    }

    static int ExitCode(Verdict verdict) => verdict switch
    {
        Verdict.Met => 0,
        Verdict.NotMet => 1,
        Verdict.NotEnoughEvidence => 3,
        _ => 2,
    };
}
