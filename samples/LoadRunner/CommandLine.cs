using System.CommandLine;
using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>The options of the program, and what they mean together.</summary>
static class CommandLine
{
    const string ClassicPrompt = "介绍一下广义相对论";
    const int ClassicMaxTokens = 500;
    const int ClassicRequests = 50;
    const int ClassicUsers = 20;

    static readonly Option<string?> Url = new("--url") { Description = "The vLLM server, for instance http://gpu:8000. A full .../v1/completions or .../v1/chat/completions sets the endpoint too. Left out: a simulator in this process." };
    static readonly Option<string?> Model = new("--model") { Description = "The model to ask for. Left out: the server's first." };
    static readonly Option<string?> ApiKey = new("--api-key") { Description = "The server's key. Left out: the environment variable VLLM_API_KEY." };
    static readonly Option<string?> Endpoint = new("--endpoint") { Description = "chat or completions. Default: completions." };
    static readonly Option<int?> Users = new("--users", "--concurrency") { Description = "Users who each send their next request when the last is answered. Default: 20." };
    static readonly Option<double?> Rate = new("--rate") { Description = "Requests per second, arriving at random whether or not the server keeps up. Instead of --users." };
    static readonly Option<int?> Requests = new("--requests") { Description = "Requests in all. Default: 50, unless --for is given." };
    static readonly Option<string?> For = new("--for") { Description = "How long to send, for instance 30s or 2m. Instead of --requests." };
    static readonly Option<string?> WarmUp = new("--warm-up") { Description = "Load before the measured part: a time such as 10s, a number of requests, or none. Default: automatic." };
    static readonly Option<string?> Prompt = new("--prompt") { Description = $"The prompt of every request. Default: {ClassicPrompt}" };
    static readonly Option<string?> PromptFile = new("--prompts") { Description = "A text file with one prompt per line, used in turn." };
    static readonly Option<int?> MaxTokens = new("--max-tokens") { Description = $"Most output tokens per request. Default: {ClassicMaxTokens}." };
    static readonly Option<string[]> Limit = new("--limit") { Description = "What the service must hold: ttft.p95=500ms, tpot.p50=30ms, duration.p99=10s, failed=1%. May be repeated. The verdict and the exit code follow.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of arrivals. Equal seeds give equal loads. Default: 1." };
    static readonly Option<string?> Out = new("--out") { Description = "Where the report is saved as JSON: a file, or a folder. Default: not saved." };
    static readonly Option<string?> Language = new("--lang") { Description = "Language of the report: en or zh. Default: en." };
    static readonly Option<string?> Progress = new("--progress") { Description = "live, lines or none. Default: live on a terminal, lines elsewhere." };
    static readonly Option<string?> Simulate = new("--simulate") { Description = "What the simulator imitates: h100-8b, instant, or fixed:TTFT,TPOT such as fixed:50ms,10ms. Default: h100-8b." };
    static readonly Option<int?> Serve = new("--serve") { Description = "Only serve the simulator on this port of 127.0.0.1, until Ctrl+C. 0 takes a free one." };

    const string About = """
        Drives a vLLM server with concurrent requests and tells how it did: latency, tokens, throughput, and whether it held your limits.

        Without any option it starts a simulator in this process and sends the classic load: 50 requests, 20 at a time, to /v1/completions.

          the classic script    --url http://gpu:8000/v1/completions --prompt TEXT --max-tokens 500 --requests 50 --users 20
          a Locust run          --url http://gpu:8000 --endpoint chat --users 100 --for 2m
          an open load          --url http://gpu:8000 --rate 15 --for 5m --limit ttft.p95=500ms --limit failed=1%

        Exit code: 0 limits met (or none given), 1 not met, 2 the run is invalid or the options are, 3 not enough evidence.
        """;

    public static async Task<int> InvokeAsync(string[] args)
    {
        var root = new RootCommand(About)
        {
            Url, Model, ApiKey, Endpoint, Users, Rate, Requests, For, WarmUp, Prompt, PromptFile, MaxTokens, Limit, Seed, Out, Language, Progress, Simulate, Serve,
        };
        root.SetAction((result, _) => RunAsync(result));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Run with --help to see the options.");
            return 2;
        }

        // Ctrl+C is the run's own business: it ends with a partial report.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    static async Task<int> RunAsync(ParseResult result)
    {
        try
        {
            if (result.GetValue(Serve) is { } port) return await Server.ServeAsync(result.GetValue(Simulate) ?? "h100-8b", port);
            return await Run.ExecuteAsync(Read(result));
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }

    static RunSettings Read(ParseResult result)
    {
        var (url, fromPath) = ReadUrl(result.GetValue(Url));
        var endpoint = result.GetValue(Endpoint);
        if (endpoint is not (null or "chat" or "completions")) throw new UsageException($"--endpoint is chat or completions, not '{endpoint}'.");
        if (endpoint is not null && fromPath is not null && endpoint != fromPath) throw new UsageException($"--url ends in {fromPath}, but --endpoint says {endpoint}: leave one of them out.");
        if (url is not null && result.GetValue(Simulate) is not null) throw new UsageException("--simulate and --url exclude each other: a real server needs no simulator.");
        return new RunSettings
        {
            Url = url,
            Simulate = result.GetValue(Simulate) ?? "h100-8b",
            Model = result.GetValue(Model),
            ApiKey = result.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("VLLM_API_KEY"),
            IsChat = (endpoint ?? fromPath) == "chat",
            Plan = ReadPlan(result),
            Prompts = ReadPrompts(result),
            Out = result.GetValue(Out),
            Language = ReadLanguage(result.GetValue(Language)),
            Progress = ReadProgress(result.GetValue(Progress)),
        };
    }

    static LoadPlan ReadPlan(ParseResult result)
    {
        var phase = ReadPhase(result);
        var plan = new LoadPlan
        {
            Phases = [phase],
            WarmUp = ReadWarmUp(result.GetValue(WarmUp), result),
            Objectives = [.. (result.GetValue(Limit) ?? []).Select(Limits.Read)],
            Seed = result.GetValue(Seed) ?? 1,
        };
        var faults = plan.Validate();
        return faults.Count == 0 ? plan : throw new UsageException("The load cannot be run: " + string.Join(" ", faults));
    }

    static LoadPhase ReadPhase(ParseResult result)
    {
        var (users, rate, requests) = (result.GetValue(Users), result.GetValue(Rate), result.GetValue(Requests));
        if (users is not null && rate is not null) throw new UsageException("--users and --rate exclude each other: users wait for their answers, a rate does not. Leave one of them out.");
        if (requests is not null && result.GetValue(For) is not null) throw new UsageException("--requests and --for exclude each other: the load ends by number or by time. Leave one of them out.");
        Positive("--users", users);
        Positive("--requests", requests);
        if (rate is <= 0 or > 1_000_000 or double.NaN) throw new UsageException("--rate must be above 0 and at most 1,000,000 requests per second.");
        TimeSpan? time = result.GetValue(For) is { } text ? Amounts.Time("--for", text) : null;
        if (rate is { } perSecond) return time is { } open ? LoadPhase.Rate(perSecond, open) : LoadPhase.Rate(perSecond, requests ?? ClassicRequests);
        return time is { } closed ? LoadPhase.Users(users ?? ClassicUsers, closed) : LoadPhase.Users(users ?? ClassicUsers, requests ?? ClassicRequests);
    }

    static LoadPhase? ReadWarmUp(string? text, ParseResult result)
    {
        if (text is null) return LoadPhase.Auto;
        if (text == "none") return null;
        var rate = result.GetValue(Rate);
        if (int.TryParse(text, out var count))
        {
            Positive("--warm-up", count);
            return rate is { } perSecond ? LoadPhase.Rate(perSecond, count) : LoadPhase.Users(Math.Min(count, result.GetValue(Users) ?? ClassicUsers), count);
        }

        var time = Amounts.Time("--warm-up", text);
        return rate is { } open ? LoadPhase.Rate(open, time) : LoadPhase.Users(result.GetValue(Users) ?? ClassicUsers, time);
    }

    static Prompts ReadPrompts(ParseResult result)
    {
        var maxTokens = result.GetValue(MaxTokens) ?? ClassicMaxTokens;
        Positive("--max-tokens", maxTokens);
        if (result.GetValue(PromptFile) is not { } path) return Prompts.Fixed(result.GetValue(Prompt) ?? ClassicPrompt, maxTokens);
        if (result.GetValue(Prompt) is not null) throw new UsageException("--prompt and --prompts exclude each other: leave one of them out.");
        try
        {
            using var reader = new StreamReader(path);
            return Prompts.FromLines(reader, maxTokens);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The prompts cannot be read: {error.Message}");
        }
        catch (ArgumentException)
        {
            throw new UsageException($"The file {path} holds no prompt: write one per line.");
        }
    }

    static (Uri? Url, string? Endpoint) ReadUrl(string? text)
    {
        if (text is null) return default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException($"--url takes an address such as http://localhost:8000, not '{text}'.");
        var path = url.AbsolutePath.TrimEnd('/');
        foreach (var (ending, endpoint) in new[] { ("/v1/chat/completions", "chat"), ("/v1/completions", "completions") })
            if (path.EndsWith(ending, StringComparison.Ordinal)) return (new Uri(url, path[..^ending.Length] + "/"), endpoint);
        return (url, null);
    }

    static ReportLanguage ReadLanguage(string? text) => text switch
    {
        null or "en" => ReportLanguage.English,
        "zh" => ReportLanguage.Chinese,
        _ => throw new UsageException($"--lang is en or zh, not '{text}'."),
    };

    static ProgressMode ReadProgress(string? text) => text switch
    {
        null => Console.IsErrorRedirected ? ProgressMode.Lines : ProgressMode.Live,
        "live" => ProgressMode.Live,
        "lines" => ProgressMode.Lines,
        "none" => ProgressMode.None,
        _ => throw new UsageException($"--progress is live, lines or none, not '{text}'."),
    };

    static void Positive(string option, int? value)
    {
        if (value is <= 0) throw new UsageException($"{option} must be at least 1, not {value}.");
    }
}
