using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>Serves the pages of a vLLM machine, so that the probe's process is measured alone.</summary>
static class PageProducer
{
    internal static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        Map(server, "/metrics", Recording.Load("metrics-busy").Body);
        Map(server, "/health", []);
        Map(server, "/node", ExporterPages.Node());
        Map(server, "/gpu", ExporterPages.DcgmExporter());
        await server.StartAsync();
        var url = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine(new Uri(url).Port);
        // The parent closes the pipe when it is done, or when it dies.
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    static void Map(WebApplication server, string path, byte[] page) =>
        server.MapGet(path, async (HttpContext context) =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4";
            context.Response.ContentLength = page.Length;
            await context.Response.Body.WriteAsync(page);
        });
}
