using System.CommandLine;
using System.CommandLine.Help;
using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>The options, what they mean, and which of them contradict each other.</summary>
sealed class CommandLine
{
    /// <summary>The command's name in help and version; the project gives it to the program, and the examples use it.</summary>
    public const string Name = "vllm-load";

    const int ClassicUsers = 20;
    const int ClassicRequests = 50;

    readonly Option<string?> _url = Text("--url", "URL", "The vLLM server, such as http://gpu:8000. A full .../v1/completions or .../v1/chat/completions also sets the endpoint. Default: the embedded simulator.");
    readonly Option<string?> _endpoint = Text("--endpoint", "completions|chat", "Which endpoint to call. Default: completions.");
    readonly Option<string?> _model = Text("--model", "NAME", "The model to ask for. Default: the server's first.");
    readonly Option<string?> _apiKey = Text("--api-key", "KEY", "The server's key. Default: the variable VLLM_API_KEY.");
    readonly Option<string?> _readyTimeout = Text("--ready-timeout", "TIME", "Waits so long for a server that is still loading. Default: does not wait.");
    readonly Option<string?> _users = Text("--users", "N", "Concurrent users; each sends its next request when the last is answered. Default: 20.", "--concurrency");
    readonly Option<string?> _rate = Text("--rate", "PER_SECOND", "Requests per second whether or not earlier ones are answered, instead of users.");
    readonly Option<string?> _requests = Text("--requests", "N", "Ends after so many requests. Default: 50.");
    readonly Option<string?> _for = Text("--for", "TIME", "Ends after this time (30s, 2m, 1h), instead of a number of requests.");
    readonly Option<string?> _warmUp = Text("--warm-up", "TIME|N|none", "Runs before the measurement and is in no figure. Default: one request per user, or 10s where the load is timed or has a rate.");
    readonly Option<string?> _prompt = Text("--prompt", "TEXT", $"The prompt of every request. Default: {RunOptions.ClassicPrompt}");
    readonly Option<string?> _prompts = Text("--prompts", "FILE", "Prompts from a text file, one a line, used in turn.");
    readonly Option<string?> _maxTokens = Text("--max-tokens", "N", "Most output tokens of a request. Default: 500.");
    readonly Option<string?> _seed = Text("--seed", "N", "Seed of arrivals and of the simulator; equal seeds give equal loads. Default: 1.");
    readonly Option<string[]> _limit = new("--limit") { HelpName = "LIMIT", Description = "A limit to judge, repeatable: ttft.p95=500ms, tpot.p95=50ms, gap.p99=200ms, longest-gap.p95=1s, duration.p99=2s, failed=1%. TTFT and duration count from the moment a request was due." };
    readonly Option<string[]> _probe = new("--probe") { HelpName = "URL", Description = "A page of the server's machine to watch during the run, repeatable: a node exporter (http://gpu:9100/metrics) for CPU and memory, a dcgm-exporter or nvidia_gpu_exporter (http://gpu:9400/metrics) for GPUs and power. The server's own /metrics and this client are always watched." };
    readonly Option<string?> _price = Text("--price", "PER_HOUR", "What the server's machine costs per hour, such as 2.99 or 2.99EUR, for the price of a million output tokens. Default: unknown.");
    readonly Option<string?> _out = Text("--out", "PATH", "Where the JSON report goes: a folder, a file ending in .json, or a prefix; none writes no file. Default: load-report.");
    readonly Option<string?> _lang = Text("--lang", "en|zh", "Language of the report. Default: en.");
    readonly Option<string?> _progress = Text("--progress", "live|lines|none", "How the run is shown, on standard error. Default: live on a terminal, lines elsewhere.");
    readonly Option<string?> _simulate = Text("--simulate", "PRESET", "The simulator's speed: h100-8b (Llama 8B on one H100), instant, or fixed:TTFT,TPOT such as fixed:50ms,10ms. Default: h100-8b.");
    readonly Option<string?> _serve = Text("--serve", "PORT", "Runs no load: only serves the simulator on this port of 127.0.0.1 (0 picks one) until Ctrl+C.");

    public CommandLine()
    {
        Root = new(Name, "Drives a vLLM server with concurrent requests and reports latency, throughput, failures and whether limits were met. Without arguments it drives an embedded simulator: nothing to install.");
        foreach (var option in new Option[] { _url, _endpoint, _model, _apiKey, _readyTimeout, _users, _rate, _requests, _for, _warmUp, _prompt, _prompts, _maxTokens, _seed, _limit, _probe, _price, _out, _lang, _progress, _simulate, _serve })
            Root.Options.Add(option);
        Root.Options.Add(new HelpOption());
        Root.Options.Add(new VersionOption { Action = new VersionLine() });
    }

    public const string Examples = """
        Examples:
          vllm-load                                           the classic load on the embedded simulator
          vllm-load --url http://gpu:8000/v1/completions --prompt "介绍一下广义相对论" --max-tokens 500 --requests 50 --users 20
                                                              the classic script, on your server
          vllm-load --url http://gpu:8000 --endpoint chat --users 100 --for 2m
                                                              as a Locust run: 100 users for two minutes
          vllm-load --url http://gpu:8000 --rate 12.5 --for 5m --limit ttft.p95=500ms --limit failed=1%
                                                              does the server keep its promises at 12.5 requests/s?
          vllm-load --url http://gpu:8000 --for 2m --probe http://gpu:9100/metrics --probe http://gpu:9400/metrics --price 2.99
                                                              with CPU, memory, GPUs, joules and dollars per token
          vllm-load --serve 8000                              only the simulator, for other tools

        In a clone of the repository vllm-load is: dotnet run --project samples/LoadRunner --

        Ctrl+C stops the run and prints what it has, marked as partial; pressed again, it cancels.

        Exit codes: 0 limits met (or none given), 1 not met, 2 run invalid or wrong usage, 3 not enough evidence.
        """;

    public Command Root { get; }

    public RunOptions Read(ParseResult line, Func<string, string?> variable)
    {
        RefuseContradictions(line);
        var address = line.GetValue(_url) is { } url ? ServerAddress.Parse(url) : null;
        var users = Values.Whole("--users", line.GetValue(_users)) ?? ClassicUsers;
        var rate = Values.Rate(line.GetValue(_rate));
        var simulator = line.GetValue(_simulate) ?? "h100-8b";
        var seed = Values.Seed(line.GetValue(_seed));
        var options = Values.Simulator(simulator);
        options.Seed = seed;
        var output = line.GetValue(_out) ?? "load-report";
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give it a path, or none.");
        return new()
        {
            BaseUrl = address?.BaseUrl,
            Endpoint = Endpoint(line, address),
            Model = line.GetValue(_model),
            ApiKey = line.GetValue(_apiKey) ?? variable("VLLM_API_KEY"),
            ReadyTimeout = Values.Length("--ready-timeout", line.GetValue(_readyTimeout)),
            Load = Load(line, users, rate),
            WarmUp = Values.WarmUp(line.GetValue(_warmUp), users, rate),
            Limits = [.. (line.GetValue(_limit) ?? []).Select(Values.Limit)],
            Pages = [.. (line.GetValue(_probe) ?? []).Select(Values.Page)],
            Price = Values.Price(line.GetValue(_price)),
            Prompt = line.GetValue(_prompt),
            PromptFile = line.GetValue(_prompts),
            MaxTokens = Values.Whole("--max-tokens", line.GetValue(_maxTokens)) ?? 500,
            Seed = seed,
            Out = output == "none" ? null : output,
            Language = Values.Word("--lang", line.GetValue(_lang), ReportLanguage.English, ("en", ReportLanguage.English), ("zh", ReportLanguage.Chinese)),
            Progress = Values.Word<ProgressKind?>("--progress", line.GetValue(_progress), null, ("live", ProgressKind.Live), ("lines", ProgressKind.Lines), ("none", ProgressKind.None)),
            SimulatorName = simulator,
            Simulator = options,
            Serve = Values.Whole("--serve", line.GetValue(_serve), 0, 65_535),
        };
    }

    LoadPhase Load(ParseResult line, int users, double? rate)
    {
        var requests = Values.Whole("--requests", line.GetValue(_requests)) ?? ClassicRequests;
        if (Values.Length("--for", line.GetValue(_for)) is { } time)
            return rate is { } timed ? LoadPhase.Rate(timed, time) : LoadPhase.Users(users, time);
        return rate is { } counted ? LoadPhase.Rate(counted, requests) : LoadPhase.Users(users, requests);
    }

    Endpoint Endpoint(ParseResult line, ServerAddress? address)
    {
        var chosen = Values.Word<Endpoint?>("--endpoint", line.GetValue(_endpoint), null, ("completions", LoadRunnerSample.Endpoint.Completions), ("chat", LoadRunnerSample.Endpoint.Chat));
        if (chosen is not null && address?.Endpoint is { } named && named != chosen)
            throw new UsageException("--endpoint and the path of --url name different endpoints; leave one of them out.");
        return chosen ?? address?.Endpoint ?? LoadRunnerSample.Endpoint.Completions;
    }

    void RefuseContradictions(ParseResult line)
    {
        (Option First, Option Second, string Cure)[] pairs =
        [
            (_rate, _users, "a rate sends whether or not users wait, so choose one"),
            (_requests, _for, "one of them ends the run, so choose one"),
            (_prompt, _prompts, "choose one source of prompts"),
            (_url, _simulate, "a run drives either a server or the simulator"),
            (_serve, _url, "--serve only offers the simulator and drives nothing"),
        ];
        foreach (var (first, second, cure) in pairs)
        {
            if (IsGiven(line, first) && IsGiven(line, second))
                throw new UsageException($"{first.Name} and {second.Name} contradict each other: {cure}.");
        }
    }

    static bool IsGiven(ParseResult line, Option option) => line.GetResult(option) is { Implicit: false };

    static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };
}
