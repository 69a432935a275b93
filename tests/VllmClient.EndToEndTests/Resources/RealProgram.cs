using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Vllm.Tests.EndToEnd;

/// <summary>A real program of the system's packages on a loopback port, ended with the test.</summary>
sealed class RealProgram : IDisposable
{
    readonly Process _process;

    RealProgram(Process process, Uri metrics) => (_process, Metrics) = (process, metrics);

    /// <summary>The page of its metrics.</summary>
    public Uri Metrics { get; }

    /// <summary>Starts a program; without it the test is skipped, and in CI it fails.</summary>
    public static async Task<RealProgram> StartAsync(string name, Func<int, string[]> arguments)
    {
        var port = FreePort();
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(name, arguments(port)) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{name} is not installed.");
            Assert.Skip($"{name} is not installed.");
            throw;
        }

        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var program = new RealProgram(process, new($"http://127.0.0.1:{port}/metrics"));
        using var http = new HttpClient();
        while (true)
        {
            process.HasExited.ShouldBeFalse($"{name} ended at once.");
            try
            {
                using var answer = await http.GetAsync(program.Metrics, TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK) return program;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Yield();
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
