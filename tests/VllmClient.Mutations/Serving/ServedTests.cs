using System.Diagnostics;
using System.Globalization;
using System.Text;
using Vllm.Tests.Mutations.Running;

namespace Vllm.Tests.Mutations.Serving;

/// <summary>A test program that stays and runs tests on request; started anew after a time limit or a crash.</summary>
sealed class ServedTests(TestFolder folder) : IDisposable
{
    Process? _process;

    /// <summary>Runs tests with a mutant, 0 for none, until the first fails, or for as long as they may; also tells which bodies were entered.</summary>
    public async Task<(TestEnd End, IReadOnlyList<int> Entered)> RunAsync(int mutant, IReadOnlyList<string> filter, TimeSpan limit)
    {
        _process ??= folder.Serve();
        var watch = Stopwatch.StartNew();
        string? answer;
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Join('\t', [mutant.ToString(CultureInfo.InvariantCulture), .. TestFolder.Options, .. filter]));
            await _process.StandardInput.FlushAsync();
            answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            Restart();
            return (new(null, "", watch.Elapsed), []);
        }
        catch (IOException)
        {
            answer = null;
        }

        if (answer?.Split('\t') is not [var code, var output, var bodies])
        {
            Restart();
            return (new(-1, answer ?? "", watch.Elapsed), []);
        }

        return (new(int.Parse(code, CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(output)), watch.Elapsed),
            [.. bodies.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(body => int.Parse(body, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Ends the program; the next run starts another.</summary>
    public void Restart()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose() => Restart();
}
