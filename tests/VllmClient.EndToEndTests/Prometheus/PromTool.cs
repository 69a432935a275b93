using Vllm.Tests.Exporters;

namespace Vllm.Tests.Prometheus;

/// <summary>Debian's <c>prometheus</c> package, which brings promtool.</summary>
static class PromTool
{
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Skips the test where the program is not installed; where every test must run, that fails.</summary>
    public static void Require(string program)
    {
        if (Has(program)) return;
        Environment.GetEnvironmentVariable("CI").ShouldNotBe("true", $"{program} is not installed; .ci/run installs it");
        Assert.Skip($"{program} is not installed (Debian: apt-get install prometheus).");
    }

    public static async Task<string> SucceedsAsync(params string[] arguments)
    {
        await using var tool = new StartedProgram("promtool", arguments);
        var code = await tool.EndAsync(TestContext.Current.CancellationToken);
        code.ShouldBe(0, tool.Text);
        return tool.Text;
    }
}

