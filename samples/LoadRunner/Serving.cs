using Vllm.Simulator;

namespace LoadRunnerSample;

/// <summary>Only the simulator, for other tools to drive.</summary>
sealed class Serving(Surroundings surroundings, RunOptions options)
{
    public async Task<int> ExecuteAsync()
    {
        await using var simulator = new VllmSimulator(options.Simulator);
        Uri url;
        try
        {
            url = await simulator.StartAsync(options.Serve!.Value, surroundings.Interrupt.Token);
        }
        catch (IOException e)
        {
            throw new UsageException($"Port {options.Serve} of 127.0.0.1 cannot be used ({e.Message.TrimEnd('.')}); choose another with --serve, or 0 for a free one.", e);
        }

        surroundings.Output.WriteLine($"The simulator ({options.SimulatorName}, model {options.Simulator.Model}) answers at {url}; Ctrl+C stops it.");
        var stopped = new TaskCompletionSource();
        await using (surroundings.Interrupt.Token.Register(stopped.SetResult))
            await stopped.Task;
        return 0;
    }
}
