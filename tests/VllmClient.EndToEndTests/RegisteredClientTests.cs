using Microsoft.Extensions.DependencyInjection;
using Vllm.Simulator;

namespace Vllm.Tests.EndToEnd;

/// <summary>Clients of the service collection over the simulator in memory.</summary>
public class RegisteredClientTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("fast")]
    public async Task A_client_on_the_simulator_needs_no_address(string? name)
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.Instant);
        var collection = new ServiceCollection();
        (name is null ? collection.AddVllmClient() : collection.AddKeyedVllmClient(name)).UseVllmSimulator(simulator);
        await using var services = collection.BuildServiceProvider();

        var client = name is null ? services.GetRequiredService<IVllmClient>() : services.GetRequiredKeyedService<IVllmClient>(name);

        (await client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Id.ShouldBe("sim-8b");
    }
}
