using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Vllm.Simulator.Hosting;

/// <summary>Kestrel on the loopback address.</summary>
sealed class KestrelServer : IAsyncDisposable
{
    readonly WebApplication _application;

    KestrelServer(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<KestrelServer> StartAsync(SimulatorEndpoint endpoint, int port, TimeSpan idle, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, port);
            options.Limits.KeepAliveTimeout = idle > TimeSpan.Zero ? idle : TimeSpan.FromSeconds(5);
            options.Limits.MaxRequestBodySize = SimulatorEndpoint.MaxBody;
            // A slow reader is the client's right; vLLM waits for it too.
            options.Limits.MinResponseDataRate = null;
            options.Limits.MinRequestBodyDataRate = null;
        });
        var application = builder.Build();
        application.Run(endpoint.HandleAsync);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new KestrelServer(application, new Uri(addresses.Addresses.First()));
    }

    public async ValueTask DisposeAsync()
    {
        // Answers have ended by now; whoever still does not read is cut off.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _application.StopAsync(patience.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }
}
