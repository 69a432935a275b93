using LoadRunnerSample;
using Vllm.Load;
using Vllm.Reports;

namespace Vllm.Tests.LoadRunnerSample;

public sealed class CommandLineTests : IDisposable
{
    readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void No_arguments_mean_the_classic_load_on_the_simulator()
    {
        var options = _program.Parse();

        options.BaseUrl.ShouldBeNull();
        options.Load.ShouldBe(LoadPhase.Users(20, 50));
        options.WarmUp.ShouldBe(LoadPhase.Auto);
        options.Endpoint.ShouldBe(Endpoint.Completions);
        options.MaxTokens.ShouldBe(500);
        options.Limits.ShouldBeEmpty();
        options.Out.ShouldBe("load-report");
        options.Progress.ShouldBeNull();
        options.ToPlan().Validate().ShouldBeEmpty();
    }

    [Fact]
    public void The_classic_script_can_be_typed_as_it_was()
    {
        var options = _program.Parse("--url", "http://gpu:8000/v1/completions", "--prompt", "Hi", "--max-tokens", "500", "--requests", "50", "--concurrency", "20");

        options.BaseUrl.ShouldBe(new("http://gpu:8000"));
        options.Endpoint.ShouldBe(Endpoint.Completions);
        options.Prompt.ShouldBe("Hi");
        options.Load.ShouldBe(LoadPhase.Users(20, 50));
    }

    [Fact]
    public void A_rate_for_some_time_with_limits_and_warm_up()
    {
        var options = _program.Parse("--rate", "12.5", "--for", "5m", "--warm-up", "30s", "--limit", "ttft.p95=500ms", "--limit", "failed=1%", "--limit", "duration.p99.9=2s", "--lang", "zh", "--progress", "lines", "--seed", "7");

        options.Load.ShouldBe(LoadPhase.Rate(12.5, TimeSpan.FromMinutes(5)));
        options.WarmUp.ShouldBe(LoadPhase.Rate(12.5, TimeSpan.FromSeconds(30)));
        options.Limits.ShouldBe([Objective.TimeToFirstToken(0.95, TimeSpan.FromMilliseconds(500)), Objective.FailedShare(0.01), Objective.Duration(0.999, TimeSpan.FromSeconds(2))]);
        options.Language.ShouldBe(ReportLanguage.Chinese);
        options.Progress.ShouldBe(ProgressKind.Lines);
        options.Simulator.Seed.ShouldBe(7ul);
        options.ToPlan().Validate().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("25")]
    [InlineData("10s")]
    public void A_warm_up_is_a_time_a_number_or_none(string text) =>
        _program.Parse("--warm-up", text).WarmUp.ShouldBe(text switch
        {
            "none" => null,
            "25" => LoadPhase.Users(20, 25),
            _ => LoadPhase.Users(20, TimeSpan.FromSeconds(10)),
        });

    [Theory]
    [InlineData("http://gpu:8000/v1/chat/completions", "http://gpu:8000/", Endpoint.Chat)]
    [InlineData("https://host/prefix/v1/completions/", "https://host/prefix", Endpoint.Completions)]
    [InlineData("http://gpu:8000/v1", "http://gpu:8000/v1", null)]
    public void An_address_may_name_the_endpoint(string text, string expected, object? endpoint)
    {
        var address = ServerAddress.Parse(text);

        address.BaseUrl.ShouldBe(new(expected));
        address.Endpoint.ShouldBe((Endpoint?)endpoint);
    }

    [Fact]
    public void The_key_comes_from_the_option_or_else_from_the_environment()
    {
        _program.Variables["VLLM_API_KEY"] = "from-environment";

        _program.Parse().ApiKey.ShouldBe("from-environment");
        _program.Parse("--api-key", "from-option").ApiKey.ShouldBe("from-option");
    }

    [Theory]
    [InlineData("--foo", "'--foo'")]
    [InlineData("--users", "--users")]
    [InlineData("--users 0", "--users takes a whole number from 1, not '0'")]
    [InlineData("--rate 5 --users 3", "--rate and --users contradict each other")]
    [InlineData("--requests 5 --for 3s", "--requests and --for contradict each other")]
    [InlineData("--prompt a --prompts b", "--prompt and --prompts contradict each other")]
    [InlineData("--url http://a --simulate instant", "--url and --simulate contradict each other")]
    [InlineData("--url localhost:8000", "did you mean http://localhost:8000?")]
    [InlineData("--url http://u:secret@a", "--api-key")]
    [InlineData("--url http://a/v1/completions --endpoint chat", "different endpoints")]
    [InlineData("--endpoint embeddings", "--endpoint takes completions or chat")]
    [InlineData("--rate fast", "--rate takes requests per second")]
    [InlineData("--for soon", "--for takes a time")]
    [InlineData("--warm-up soon", "--warm-up takes")]
    [InlineData("--limit ttft=5", "--limit takes")]
    [InlineData("--limit ttft.p0=5s", "--limit takes")]
    [InlineData("--limit failed=100%", "--limit takes")]
    [InlineData("--simulate huge", "--simulate takes")]
    [InlineData("--seed -1", "--seed takes")]
    [InlineData("--lang fr", "--lang takes en or zh")]
    [InlineData("--serve 70000", "--serve takes")]
    [InlineData("--prompts does-not-exist.txt", "does-not-exist.txt")]
    public async Task Bad_input_is_answered_in_one_sentence_and_exit_code_2(string line, string expected)
    {
        var code = await _program.RunAsync(line.Split(' '));

        code.ShouldBe(2);
        _program.Output.ShouldBeEmpty();
        _program.Error.ShouldContain(expected);
        _program.Error.ShouldNotContain("secret");
        _program.Error.TrimEnd().ShouldNotContain("\n");
    }

    [Fact]
    public async Task Help_shows_every_option_the_examples_and_the_exit_codes()
    {
        (await _program.RunAsync("--help")).ShouldBe(0);

        foreach (var option in new CommandLine().Root.Options)
            _program.Output.ShouldContain(option.Name);
        _program.Output.ShouldContain("Examples:");
        _program.Output.ShouldContain("3 not enough evidence");
    }
}
