using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoadRunnerSample;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
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
        foreach (var file in _folder.EnumerateFiles())
            file.Attributes = FileAttributes.Normal;
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
        _program.Output.ShouldContain($"\nExit code: {expected}\n");
        _program.Output.ShouldNotContain("\u001b");
        _program.Error.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task The_first_line_names_the_simulator_and_the_report_is_saved()
    {
        var code = await _program.RunAsync("--simulate", "instant", "--users", "2", "--requests", "6", "--max-tokens", "5", "--endpoint", "chat", "--progress", "none", "--out", _folder.FullName);

        code.ShouldBe(0, _program.Output + _program.Error);
        _program.Output.Split('\n')[0].ShouldStartWith("No --url: driving the embedded simulator (instant) at http://127.0.0.1:");
        var report = LoadReport.FromFile(_folder.FullName);
        report.Total.Completed.ShouldBe(6);
        report.Total.OutputTokens.ShouldBe(30);
        var url = _program.Output.Split('\n')[0].Split(' ')[^1].TrimEnd('/');
        var environment = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "load-report.json"), TestContext.Current.CancellationToken))!["environment"]!;
        environment["serverUrl"].ShouldNotBeNull().GetValue<string>().ShouldBe(url);
        environment["endpoint"].ShouldNotBeNull().GetValue<string>().ShouldBe("/v1/chat/completions");
        _program.Output.ShouldContain($"\n{url}/v1/chat/completions\n");
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
    public async Task A_report_that_cannot_be_saved_in_the_end_is_printed_all_the_same()
    {
        var path = Path.Combine(_folder.FullName, "report");
        var run = _program.RunAsync("--simulate", "fixed:5ms,1ms", "--users", "1", "--for", "10m", "--max-tokens", "2", "--warm-up", "none", "--progress", "lines", "--out", path);
        await HasStartedAsync(run);

        // What was a free place before the run is a folder after it.
        Directory.CreateDirectory(path + ".json");
        _program.Interrupt.Press();

        (await run).ShouldBe(2);
        _program.Output.ShouldContain("Total requests");
        _program.Error.ShouldContain("The report cannot be saved to ");
    }

    [Theory]
    [InlineData("file/below/report.json", "is a file, not a folder")]
    [InlineData("file/below", "is a file, not a folder")]
    [InlineData("folder", "is a folder")]
    [InlineData("kept.json", "is read-only")]
    [InlineData("taken.json", "taken.json.tmp")]
    public async Task A_place_that_cannot_be_written_is_refused_before_anything_is_sent(string path, string reason)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "file"), "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "folder.json"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "taken.json.tmp"));
        var kept = Path.Combine(_folder.FullName, "kept.json");
        await File.WriteAllTextAsync(kept, "precious", TestContext.Current.CancellationToken);
        File.SetAttributes(kept, FileAttributes.ReadOnly);
        var before = Found();

        var code = await _program.RunAsync("--simulate", "instant", "--users", "1", "--requests", "1", "--max-tokens", "2", "--progress", "none", "--out", Path.Combine(_folder.FullName, path));

        code.ShouldBe(2);
        _program.Output.ShouldBeEmpty();
        _program.Error.ShouldStartWith("The report cannot be saved to '");
        _program.Error.ShouldContain(reason);
        _program.Error.ShouldEndWith("choose another place with --out.\n");
        _program.Error.TrimEnd().ShouldNotContain("\n");
        Found().ShouldBe(before);
        (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ShouldBe("precious");
    }

    [Fact]
    public async Task A_place_below_folders_that_are_missing_is_made_and_a_run_that_is_refused_makes_none()
    {
        var path = Path.Combine(_folder.FullName, "a", "b", "run");

        (await _program.RunAsync("--url", "http://127.0.0.1:1", "--progress", "none", "--out", path)).ShouldBe(2);
        Found().ShouldBeEmpty();
        (await _program.RunAsync("--simulate", "instant", "--users", "1", "--requests", "1", "--max-tokens", "2", "--progress", "none", "--out", path)).ShouldBe(0, _program.Error);

        Found().ShouldBe(["a", "a/b", "a/b/run.json"]);
    }

    [Theory]
    [InlineData("48 65 6C 6C 6F 00 0A")]
    [InlineData("89 50 4E 47 0D 0A 1A 0A")]
    [InlineData("BD E9 C9 DC 0A")]
    public async Task A_prompt_file_that_is_no_text_is_refused_in_one_sentence(string bytes)
    {
        var file = Path.Combine(_folder.FullName, "prompts.bin");
        await File.WriteAllBytesAsync(file, [.. bytes.Split(' ').Select(digits => Convert.ToByte(digits, 16))], TestContext.Current.CancellationToken);

        var error = await Refused("--simulate", "instant", "--requests", "1", "--prompts", file);

        error.ShouldStartWith($"The prompt file '{file}' is no text in UTF-8");
        error.ShouldContain("--prompts takes a text file");
    }

    [Fact]
    public async Task A_port_that_speaks_TLS_is_told_from_one_where_nobody_listens()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using var server = builder.Build();
        await server.StartAsync(TestContext.Current.CancellationToken);
        var tls = new Uri(server.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))).Port;
        var plain = new Uri(server.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))).Port;

        var toTls = await Refused("--url", $"http://127.0.0.1:{tls}");
        var untrusted = await Refused("--url", $"https://localhost:{tls}");
        var toPlain = await Refused("--url", $"https://127.0.0.1:{plain}");
        var toNobody = await Refused("--url", "http://127.0.0.1:1");

        toTls.ShouldContain("The response ended prematurely");
        toTls.ShouldContain("https://");
        untrusted.ShouldContain("certificate is invalid");
        toPlain.ShouldContain("Cannot determine the frame size or a corrupted frame was received");
        toPlain.ShouldContain("http://");
        toNobody.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task Help_examples_and_version_name_one_command()
    {
        (await _program.RunAsync("--help")).ShouldBe(0);
        var help = _program.Output;
        using var second = new ProgramRun();
        (await second.RunAsync("--version")).ShouldBe(0);

        help.ShouldContain("\n  vllm-load [options]\n");
        help.ShouldContain("\n  vllm-load --url http://gpu:8000");
        second.Output.ShouldMatch("^vllm-load [0-9]+[.][0-9]+[.][0-9]+[^ ]*\n$");
        typeof(CommandLine).Assembly.GetName().Name.ShouldBe("vllm-load");
    }

    [Fact]
    public async Task A_run_in_Chinese_writes_no_English_sentence()
    {
        var code = await _program.RunAsync("--simulate", "instant", "--users", "2", "--requests", "6", "--max-tokens", "5", "--lang", "zh", "--progress", "lines", "--limit", "failed=0.1%", "--out", "none");

        code.ShouldBe(3);
        Regex.Matches((_program.Output + _program.Error).Replace("node exporter", "", StringComparison.Ordinal), "[A-Za-z]{2,} [a-z]{3,}").Select(match => match.Value).ShouldBeEmpty(_program.Output + _program.Error);
        _program.Output.ShouldContain("\n退出码: 3\n");
    }

    [Fact]
    public async Task The_first_press_of_Ctrl_C_prints_a_report_marked_as_partial()
    {
        var run = _program.RunAsync("--simulate", "fixed:5ms,1ms", "--users", "2", "--for", "10m", "--max-tokens", "5", "--warm-up", "none", "--progress", "lines", "--out", "none");
        await HasStartedAsync(run);

        _program.Interrupt.Press();

        (await run).ShouldBe(3);
        _program.Output.ShouldContain("STOPPED, partial report: 2 users");
        _program.Output.ShouldContain("NOT ENOUGH EVIDENCE");
        _program.Output.ShouldContain("Exit code: 3");
    }

    [Fact]
    public async Task Serving_offers_the_simulator_until_Ctrl_C()
    {
        var run = _program.RunAsync("--serve", "0", "--simulate", "instant");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_program.Output.Length == 0 && !run.IsCompleted)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        using var client = new VllmClient(new Uri(_program.Output.Split(' ').Single(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(';')));

        (await client.Server.IsHealthyAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBeTrue();
        _program.Interrupt.Press();

        (await run).ShouldBe(0);
    }

    async Task HasStartedAsync(Task run)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_program.Error.Contains("started", StringComparison.Ordinal) && !run.IsCompleted)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Everything in the test's folder, by its path from there.</summary>
    IReadOnlyList<string> Found() =>
        [.. _folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(one => Path.GetRelativePath(_folder.FullName, one.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    static async Task<string> Refused(params string[] args)
    {
        using var program = new ProgramRun();
        (await program.RunAsync([.. args, "--progress", "none", "--out", "none"])).ShouldBe(2);
        program.Error.TrimEnd().ShouldNotContain("\n");
        return program.Error;
    }
}
