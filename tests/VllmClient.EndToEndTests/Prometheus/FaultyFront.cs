using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Prometheus;

/// <summary>What the front itself did to a request, which the simulator never saw.</summary>
enum Fault
{
    /// <summary>503, which the client tries again.</summary>
    Busy,

    /// <summary>400.</summary>
    Refused,

    /// <summary>A stream with one word that ends without its marker and without usage.</summary>
    Cut,
}

/// <summary>A simulator on a port, behind a server that answers some requests badly; and the truth about all of them, by the time of day.</summary>
sealed class FaultyFront : IAsyncDisposable
{
    readonly VllmSimulator _simulator;
    readonly WebApplication _server;
    readonly ConcurrentQueue<(Fault Fault, DateTimeOffset At)> _faults = new();
    int _requests;

    FaultyFront(VllmSimulator simulator)
    {
        _simulator = simulator;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Use(AnswerAsync);
        _server.MapVllmSimulator(simulator);
    }

    public Uri Url => new(_server.Urls.First());

    public IReadOnlyList<(Fault Fault, DateTimeOffset At)> Faults => [.. _faults];

    public IReadOnlyList<SimulatedRequest> Finished => [.. _simulator.Truth.Requests.Where(request => request.Outcome == RequestOutcome.Finished)];

    public static async Task<FaultyFront> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        var front = new FaultyFront(new(options));
        await front._server.StartAsync(cancellationToken);
        return front;
    }

    /// <summary>A moment of the simulator's log as the time of day.</summary>
    public DateTimeOffset TimeOf(TimeSpan moment)
    {
        // Taken anew, because the time of day may have been set since the simulator began.
        var age = TimeProvider.System.GetElapsedTime(_simulator.Truth.StartTimestamp);
        return TimeProvider.System.GetUtcNow() - age + moment;
    }

    public int Count(Fault fault) => _faults.Count(found => found.Fault == fault);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context, Func<Task> next)
    {
        if (context.Request.Path != "/v1/chat/completions")
        {
            await next();
            return;
        }

        switch (Interlocked.Increment(ref _requests) % 20)
        {
            case 4:
                Note(Fault.Busy);
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = "0";
                break;
            case 9:
                Note(Fault.Refused);
                context.Response.StatusCode = 400;
                break;
            case 14:
                Note(Fault.Cut);
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync((SseText.Role() + SseText.Text("Hello")).Replace("\"tiny\"", "\"sim-8b\"", StringComparison.Ordinal), context.RequestAborted);
                break;
            default:
                await next();
                break;
        }
    }

    void Note(Fault fault) => _faults.Enqueue((fault, TimeProvider.System.GetUtcNow()));
}
