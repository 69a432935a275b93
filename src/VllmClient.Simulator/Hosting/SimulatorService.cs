using Microsoft.Extensions.Hosting;

namespace Vllm.Simulator.Hosting;

/// <summary>Serves the registered simulator as long as the application runs.</summary>
sealed class SimulatorService(VllmSimulator simulator, int port) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => simulator.StartAsync(port, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => simulator.StopAsync(StopKind.Terminate, cancellationToken);
}
