using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vllm.Resources;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the resource probe.</summary>
public static class VllmResourceServiceCollectionExtensions
{
    /// <summary>Registers <see cref="ResourceProbe"/> as a singleton that starts and stops with the application. Settings come from the section <c>VllmResources</c> of the application's configuration, if there is one; <paramref name="configure"/> has the last word.</summary>
    /// <param name="services">The services. A registered <see cref="ResourceProbeServices"/> replaces the surroundings that it sets.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The services.</returns>
    /// <remarks>The server of the client without a key is watched as the target <c>vllm</c>, unless <see cref="ResourceProbeOptions.WatchDefaultClient"/> is off or the server is among the options already.</remarks>
    public static IServiceCollection AddVllmResourceProbe(this IServiceCollection services, Action<ResourceProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResourceProbeOptions>, ResourceProbeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ResourceProbeOptions>, ProbeConfiguration>(
            static provider => new(provider.GetService<IConfiguration>(), provider.GetService<ILoggerFactory>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ResourceProbeOptions>, DefaultClientTarget>());
        var options = services.AddOptions<ResourceProbeOptions>();
        if (configure is not null) options.Configure(configure);
        options.ValidateOnStart();
        services.TryAddSingleton(Create);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProbeHost>());
        return services;
    }

    static ResourceProbe Create(IServiceProvider provider)
    {
        var given = provider.GetService<ResourceProbeServices>();
        return new(provider.GetRequiredService<IOptions<ResourceProbeOptions>>().Value, new()
        {
            TimeProvider = given?.TimeProvider ?? provider.GetService<TimeProvider>(),
            MeterFactory = given?.MeterFactory ?? provider.GetService<IMeterFactory>(),
            LoggerFactory = given?.LoggerFactory ?? provider.GetService<ILoggerFactory>(),
            HttpHandler = given?.HttpHandler,
        });
    }

    sealed class ProbeHost(ResourceProbe probe) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            probe.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => probe.DisposeAsync().AsTask();
    }
}
