using System.Diagnostics;

namespace Vllm.Tests.Mutations.Running;

/// <summary>Runs a program to its end.</summary>
static class Command
{
    /// <summary>What it printed; throws with all of it if it failed.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var (code, output) = await RunAsync(program, arguments, Timeout.InfiniteTimeSpan);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    /// <summary>Its exit code and what it printed; no code if it was ended at the limit, with every program that it had started.</summary>
    public static async Task<(int? Code, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan limit, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var ending = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            return (null, "");
        }

        return (process.ExitCode, await output + await errors);
    }
}
