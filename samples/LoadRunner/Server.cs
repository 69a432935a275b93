using Vllm.Simulator;

namespace LoadRunnerSample;

/// <summary>The simulator inside the program.</summary>
static class Server
{
    public static SimulatorOptions Options(string preset)
    {
        if (preset == "h100-8b") return SimulatorOptions.H100Llama8B;
        if (preset == "instant") return SimulatorOptions.Instant;
        if (preset.StartsWith("fixed:", StringComparison.Ordinal) && preset["fixed:".Length..].Split(',') is [var first, var next])
            return SimulatorOptions.Fixed(Amounts.Time("--simulate", first), Amounts.Time("--simulate", next));
        throw new UsageException($"--simulate is h100-8b, instant or fixed:TTFT,TPOT such as fixed:50ms,10ms, not '{preset}'.");
    }

    /// <summary>Serves until Ctrl+C.</summary>
    public static async Task<int> ServeAsync(string preset, int port)
    {
        if (port is < 0 or > 65535) throw new UsageException($"--serve takes a port from 0 to 65535, not {port}.");
        await using var simulator = new VllmSimulator(Options(preset));
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.TrySetResult();
        };
        try
        {
            var url = await simulator.StartAsync(port);
            Console.WriteLine($"The simulator ({preset}) serves at {url} until Ctrl+C.");
        }
        catch (IOException error)
        {
            throw new UsageException($"The simulator cannot serve on port {port}: {error.Message} Choose another, or 0 for a free one.");
        }

        await stop.Task;
        return 0;
    }
}
