using Microsoft.Extensions.Hosting;
using Vllm.Simulator;
using Vllm.Simulator.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the simulator.</summary>
public static class SimulatorServiceExtensions
{
    /// <summary>Adds one <see cref="VllmSimulator"/>, served on 127.0.0.1 while the application runs if <see cref="SimulatorOptions.Port"/> is set.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the default options; null: none.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    public static IServiceCollection AddVllmSimulator(this IServiceCollection services, Action<SimulatorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SimulatorOptions();
        configure?.Invoke(options);
        OptionsCheck.ThrowIfInvalid(options);
        services.AddSingleton(provider => new VllmSimulator(options, provider.GetService<TimeProvider>()));
        if (options.Port is { } port)
        {
            services.AddSingleton<IHostedService>(provider => new SimulatorService(provider.GetRequiredService<VllmSimulator>(), port));
        }

        return services;
    }

    /// <summary>Sends this client's requests to the simulator, in memory. A client without a base address gets <c>http://simulator</c>, which is never looked up.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="simulator">The server.</param>
    /// <returns>The builder.</returns>
    public static IHttpClientBuilder UseVllmSimulator(this IHttpClientBuilder builder, VllmSimulator simulator)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(simulator);
        builder.ConfigureHttpClient(static http => http.BaseAddress ??= new Uri("http://simulator"));
        return builder.ConfigurePrimaryHttpMessageHandler(simulator.CreateHandler);
    }
}
