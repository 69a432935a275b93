using Microsoft.AspNetCore.Routing;
using Vllm.Simulator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the simulator from an application's own server.</summary>
public static class SimulatorEndpointExtensions
{
    /// <summary>Maps every path that no other endpoint takes to the simulator.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="simulator">The server.</param>
    /// <returns>The endpoint, for conventions.</returns>
    public static IEndpointConventionBuilder MapVllmSimulator(this IEndpointRouteBuilder endpoints, VllmSimulator simulator)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(simulator);
        return endpoints.Map("/{**path}", simulator.Endpoint.HandleAsync);
    }
}
