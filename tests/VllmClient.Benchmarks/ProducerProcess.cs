using System.Diagnostics;
using System.Globalization;

namespace Vllm.Benchmarks;

/// <summary>This program, started again as the producer.</summary>
sealed class ProducerProcess : IDisposable
{
    readonly Process _process;

    internal ProducerProcess(ReadMode mode, int chunks)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "serve", mode.ToString(), chunks.ToString(CultureInfo.InvariantCulture) }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var port = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The producer did not start.");
        Url = new($"http://127.0.0.1:{port}");
    }

    internal Uri Url { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
