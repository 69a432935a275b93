using System.Diagnostics;

namespace Vllm.Tests.Benchmarks;

/// <summary>This program, started again as the producer.</summary>
sealed class ProducerProcess : IDisposable
{
    readonly Process _process;

    internal ProducerProcess(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
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
