using LoadRunnerSample;

namespace Vllm.Tests.LoadRunnerSample;

/// <summary>One run of the sample program inside the test.</summary>
sealed class ProgramRun : IDisposable
{
    readonly StringWriter _output = new() { NewLine = "\n" };
    readonly StringWriter _error = new() { NewLine = "\n" };

    public Interrupt Interrupt { get; } = new();

    public Dictionary<string, string> Variables { get; } = [];

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => new Application(new()
    {
        Output = _output,
        Error = TextWriter.Synchronized(_error),
        Variable = name => Variables.GetValueOrDefault(name),
        Interrupt = Interrupt,
    }).RunAsync(args);

    public RunOptions Parse(params string[] args)
    {
        var commandLine = new CommandLine();
        var parsed = commandLine.Root.Parse(args);
        parsed.Errors.ShouldBeEmpty();
        return commandLine.Read(parsed, name => Variables.GetValueOrDefault(name));
    }

    public void Dispose()
    {
        Interrupt.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
