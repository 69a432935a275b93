using Vllm.Load;
using Vllm.Reports;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.LoadRunnerSample;

public sealed class ProgramTests : IDisposable
{
    readonly ProgramRun _program = new();
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vllm-sample-");

    public void Dispose()
    {
        _program.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, "failed=50%")]
    [InlineData(1, "ttft.p50=1us")]
    [InlineData(3, "failed=0.1%")]
    public async Task The_exit_code_is_the_printed_verdict(int expected, string limit)
    {
        var code = await _program.RunAsync("--simulate", "fixed:5ms,1ms", "--users", "4", "--requests", "24", "--max-tokens", "5", "--warm-up", "none", "--out", "none", "--limit", limit);

        code.ShouldBe(expected, _program.Output + _program.Error);
        _program.Output.ShouldContain($"(exit code {expected})");
        _program.Output.ShouldNotContain("\u001b");
        _program.Error.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task The_first_line_names_the_simulator_and_the_report_is_saved()
    {
        var code = await _program.RunAsync("--simulate", "instant", "--users", "2", "--requests", "6", "--max-tokens", "5", "--endpoint", "chat", "--progress", "none", "--out", _folder.FullName);

        code.ShouldBe(0, _program.Output + _program.Error);
        _program.Output.Split('\n')[0].ShouldStartWith("No --url: driving the embedded simulator (instant) at http://127.0.0.1:");
        await using var stream = File.OpenRead(Path.Combine(_folder.FullName, "load-report.json"));
        var report = LoadReport.FromJson(stream);
        report.Total.Completed.ShouldBe(6);
        report.Total.OutputTokens.ShouldBe(30);
        using var text = new StringWriter();
        report.WriteTo(text);
        _program.Output.ShouldContain(text.ToString());
    }

    [Fact]
    public async Task Prompts_come_from_a_file_and_the_report_can_be_chinese()
    {
        var file = Path.Combine(_folder.FullName, "prompts.txt");
        await File.WriteAllTextAsync(file, "one\ntwo\n", TestContext.Current.CancellationToken);

        var code = await _program.RunAsync("--simulate", "instant", "--users", "2", "--requests", "4", "--max-tokens", "5", "--prompts", file, "--lang", "zh", "--progress", "none", "--out", "none");

        code.ShouldBe(0, _program.Output + _program.Error);
        _program.Output.ShouldContain("总请求数: 4\n");
        _program.Output.ShouldContain("总输出 token: 20\n");
    }

    [Fact]
    public async Task Nothing_listening_a_wrong_path_and_an_unknown_model_are_told_apart()
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.Instant);
        var url = await simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        (await Refused("--url", new Uri(url, "wrong").ToString())).ShouldStartWith("There is no vLLM at ");
        (await Refused("--url", url.ToString(), "--model", "nope")).ShouldContain("does not serve the model 'nope'; it serves sim-8b");
        await simulator.StopAsync(cancellationToken: TestContext.Current.CancellationToken);
        (await Refused("--url", url.ToString())).ShouldStartWith("Nothing answers at ");
    }

    [Theory]
    [InlineData("chat", "/v1/chat/completions")]
    [InlineData("completions", "/v1/completions")]
    public async Task A_server_that_serves_answers_and_nothing_else_is_driven(string endpoint, string path)
    {
        await using var server = new ScriptedServer((request, _) => request.Path == path ? Generated(request) : NotFound);

        var code = await _program.RunAsync("--url", server.Url.ToString(), "--endpoint", endpoint, "--users", "2", "--requests", "6", "--max-tokens", "2", "--warm-up", "none", "--progress", "none", "--out", "none");

        code.ShouldBe(0, _program.Output + _program.Error);
        _program.Output.ShouldContain("neither /health nor /v1/models");
        server.Requests.Count(request => request.Path == path && request.Json["stream"] is not null).ShouldBe(6);
    }

    [Fact]
    public async Task A_server_that_lists_no_models_and_wants_one_named_says_so()
    {
        await using var server = new ScriptedServer((request, _) => request.Path == "/v1/chat/completions"
            ? Json("400 Bad Request", """{"error":{"message":"model is required","type":"BadRequestError","code":400}}""")
            : NotFound);

        (await Refused("--url", server.Url.ToString(), "--endpoint", "chat")).ShouldContain("--model");
    }

    static ServerStep[] NotFound => Json("404 Not Found", """{"detail":"Not Found"}""");

    static ServerStep[] Generated(ReceivedRequest request)
    {
        if (request.Json["stream"] is null) return Json("200 OK", SseText.ChatAnswer("a"));
        string[] events = request.Path.Contains("chat", StringComparison.Ordinal) ? [SseText.Role(), SseText.Last("ab")] : [SseText.Completion("ab", "length")];
        return
        [
            ServerStep.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .. events.Append(SseText.Usage(3, 2)).Append(SseText.Done).Select(one => ServerStep.Send(HttpBytes.Chunk(one))),
            ServerStep.Send(HttpBytes.LastChunk),
        ];
    }

    static ServerStep[] Json(string status, string body) =>
        [ServerStep.Send(FormattableString.Invariant($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"))];

    [Fact]
    public async Task A_wrong_key_is_named_without_being_shown()
    {
        var options = SimulatorOptions.Instant;
        options.ApiKeys.Add("right");
        await using var simulator = new VllmSimulator(options);
        var url = await simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        var error = await Refused("--url", url.ToString(), "--api-key", "wr0ng");

        error.ShouldContain("refuses the key");
        error.ShouldNotContain("wr0ng");
    }

    [Fact]
    public async Task A_report_that_cannot_be_saved_is_printed_all_the_same()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var code = await _program.RunAsync("--simulate", "instant", "--users", "1", "--requests", "1", "--max-tokens", "2", "--progress", "none", "--out", Path.Combine(file, "below"));

        code.ShouldBe(2);
        _program.Output.ShouldContain("Total requests");
        _program.Error.ShouldContain("The report cannot be saved to ");
    }

    [Fact]
    public async Task The_first_press_of_Ctrl_C_prints_a_report_marked_as_partial()
    {
        var run = _program.RunAsync("--simulate", "fixed:5ms,1ms", "--users", "2", "--for", "10m", "--max-tokens", "5", "--warm-up", "none", "--progress", "lines", "--out", "none");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_program.Error.Contains("started", StringComparison.Ordinal) && !run.IsCompleted)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        _program.Interrupt.Press();

        (await run).ShouldBe(3);
        _program.Output.ShouldContain("STOPPED, partial report: 2 users");
        _program.Output.ShouldContain("NOT ENOUGH EVIDENCE (exit code 3)");
    }

    [Fact]
    public async Task Serving_offers_the_simulator_until_Ctrl_C()
    {
        var run = _program.RunAsync("--serve", "0", "--simulate", "instant");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_program.Output.Length == 0 && !run.IsCompleted)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        using var client = new VllmClient(new Uri(_program.Output.Split(' ').Single(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(';')));

        (await client.Server.IsHealthyAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        _program.Interrupt.Press();

        (await run).ShouldBe(0);
    }

    static async Task<string> Refused(params string[] args)
    {
        using var program = new ProgramRun();
        (await program.RunAsync([.. args, "--progress", "none", "--out", "none"])).ShouldBe(2);
        program.Error.TrimEnd().ShouldNotContain("\n");
        return program.Error;
    }
}
