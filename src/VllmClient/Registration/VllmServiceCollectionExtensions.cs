using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vllm;
using Vllm.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clients of vLLM.</summary>
public static class VllmServiceCollectionExtensions
{
    /// <summary>Registers the client <see cref="IVllmClient"/> as a singleton. Settings come from the section <c>Vllm</c> and the connection string <c>vllm</c> of the application's configuration, if there is one; <paramref name="configure"/> has the last word.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    public static IHttpClientBuilder AddVllmClient(this IServiceCollection services, Action<VllmClientOptions>? configure = null) =>
        Add(services, null, null, configure is null ? null : (_, options) => configure(options));

    /// <summary>Registers the client <see cref="IVllmClient"/> as a singleton, with options that depend on other services. Settings of the application's configuration come first, as with <see cref="AddVllmClient(IServiceCollection, Action{VllmClientOptions}?)"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; gets the application's services.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public static IHttpClientBuilder AddVllmClient(this IServiceCollection services, Action<IServiceProvider, VllmClientOptions> configure) =>
        Add(services, null, null, Given(configure));

    /// <summary>Registers the client <see cref="IVllmClient"/> as a singleton, with settings from a configuration section, which must be there unless code sets the address.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section that holds the settings.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configuration"/> is null.</exception>
    public static IHttpClientBuilder AddVllmClient(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, null, Given(configuration), null);

    /// <summary>Registers a further client as a keyed singleton. Settings come from the section <c>Vllm:NAME</c> and the connection string NAME; <paramref name="configure"/> has the last word. If none of them sets an address, the application fails at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, and the key to ask for: <c>[FromKeyedServices("name")] IVllmClient</c>.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank, or looks like a URL or an option.</exception>
    public static IHttpClientBuilder AddKeyedVllmClient(this IServiceCollection services, string name, Action<VllmClientOptions>? configure = null) =>
        Add(services, Checked(name), null, configure is null ? null : (_, options) => configure(options));

    /// <summary>Registers a further client as a keyed singleton, with options that depend on other services. Settings of the application's configuration come first, as with <see cref="AddKeyedVllmClient(IServiceCollection, string, Action{VllmClientOptions}?)"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, and the key to ask for.</param>
    /// <param name="configure">Sets options; gets the application's services.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank, or looks like a URL or an option.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public static IHttpClientBuilder AddKeyedVllmClient(this IServiceCollection services, string name, Action<IServiceProvider, VllmClientOptions> configure) =>
        Add(services, Checked(name), null, Given(configure));

    /// <summary>Registers a further client as a keyed singleton, with settings from a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, and the key to ask for.</param>
    /// <param name="configuration">The section that holds the settings.</param>
    /// <returns>The builder of the client's HTTP client, for handlers of your own.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank, or looks like a URL or an option.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="configuration"/> is null.</exception>
    public static IHttpClientBuilder AddKeyedVllmClient(this IServiceCollection services, string name, IConfiguration configuration) =>
        Add(services, Checked(name), Given(configuration), null);

    static IHttpClientBuilder Add(IServiceCollection services, string? name, IConfiguration? section, Action<IServiceProvider, VllmClientOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var client = new RegisteredClient(name, section);
        var known = RegisteredClients(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VllmClientOptions>, VllmClientOptionsValidator>());
        // Once per source: a second registration would read the configuration again, after the code of the first.
        if (!known.Contains(client)) AddConfiguration(services, client);
        var options = services.AddOptions<VllmClientOptions>(client.OptionsName);
        if (configure is not null) options.Configure<IServiceProvider>((settings, provider) => configure(provider, settings));
        options.ValidateOnStart();

        if (name is null) services.TryAddSingleton<IVllmClient>(provider => Create(provider, client));
        else services.TryAddKeyedSingleton<IVllmClient>(name, (provider, _) => Create(provider, client));
        var http = services.AddHttpClient(client.HttpName);
        // Once per client: a second time would undo what the application has built since.
        if (!known.Any(one => one.Name == name)) Http(http, client);
        return http;
    }

    static List<RegisteredClient> RegisteredClients(IServiceCollection services) =>
        [.. services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<RegisteredClient>()];

    static void AddConfiguration(IServiceCollection services, RegisteredClient client)
    {
        services.AddSingleton(client);
        services.AddSingleton<IConfigureOptions<VllmClientOptions>>(provider => new VllmClientConfiguration(
            client, provider.GetService<IConfiguration>(), provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton(provider => new UnreadSections(
            provider.GetServices<RegisteredClient>(), provider.GetService<IConfiguration>(), provider.GetService<ILoggerFactory>()));
    }

    static void Http(IHttpClientBuilder builder, RegisteredClient client)
    {
        var services = builder.Services;
        builder.ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan);
        builder.UseSocketsHttpHandler((handler, provider) => HttpHandlers.Configure(handler, Settings(provider, client)));
        // One client for life: connections age by PooledConnectionLifetime, not by new handlers.
        builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
        {
            if (Settings(provider, client).KeepDefaultResilienceHandlers) return;
            // Only those that the application adds to every HTTP client are here by now. They time out and repeat whole generations.
            for (var i = handlers.Count - 1; i >= 0; i--)
                if (handlers[i].GetType().Name == "ResilienceHandler") handlers.RemoveAt(i);
        });
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(provider => new HttpClientLogs(
            client, provider.GetRequiredService<IOptionsMonitor<VllmClientOptions>>()));
        services.AddSingleton<IValidateOptions<HttpClientFactoryOptions>>(provider => new AddressCheck(
            [.. provider.GetServices<RegisteredClient>().Where(one => one.Name == client.Name)],
            provider.GetService<IConfiguration>(),
            provider.GetRequiredService<IOptionsMonitor<VllmClientOptions>>()));
        services.AddOptions<HttpClientFactoryOptions>(client.HttpName).ValidateOnStart();
    }

    static VllmClient Create(IServiceProvider provider, RegisteredClient client)
    {
        var settings = Settings(provider, client);
        provider.GetRequiredService<UnreadSections>().TellOnce();
        return new(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(client.HttpName),
            settings,
            new VllmClientServices
            {
                LoggerFactory = provider.GetService<ILoggerFactory>(),
                TimeProvider = provider.GetService<TimeProvider>(),
                MeterFactory = provider.GetService<IMeterFactory>(),
            });
    }

    static VllmClientOptions Settings(IServiceProvider provider, RegisteredClient client) =>
        provider.GetRequiredService<IOptionsMonitor<VllmClientOptions>>().Get(client.OptionsName);

    static T Given<T>(T configuration, [CallerArgumentExpression(nameof(configuration))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(configuration, name);
        return configuration;
    }

    static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains("://", StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is a URL, but the first argument is the client's name. Call AddVllmClient(options => options.BaseUrl = new Uri(\"{name}\")).", nameof(name));
        if (VllmClientConfiguration.IsOption(name))
            throw new ArgumentException($"'{name}' is the name of an option, so a client of that name could not have a section of its own. Call AddVllmClient(options => options.{name} = ...), or choose another name.", nameof(name));
        return name;
    }
}
