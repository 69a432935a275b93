using System.Buffers;
using Microsoft.AspNetCore.Http;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Hosting;

/// <summary>Serves one HTTP request from the pipeline. Over HTTP/1.1 it frames chunks itself, so that each event is a chunk of its own.</summary>
sealed class SimulatorEndpoint(IRequestPipeline pipeline)
{
    /// <summary>Longer bodies are refused with 413.</summary>
    public const int MaxBody = 64 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var exchange = pipeline.Begin(new IncomingRequest
        {
            Method = request.Method,
            Path = request.Path.Value ?? "/",
            Body = await ReadBodyAsync(request, context.RequestAborted).ConfigureAwait(false),
            ContentType = request.ContentType,
            Authorization = request.Headers.Authorization,
            RequestId = request.Headers["X-Request-Id"],
            Steering = request.Headers["x-simulator"],
            IsFramed = HttpProtocol.IsHttp11(request.Protocol),
        });
        try
        {
            if (await exchange.WaitForHeadAsync(context.RequestAborted).ConfigureAwait(false) == 0)
            {
                context.Abort();
                return;
            }

            await AnswerAsync(context, exchange).ConfigureAwait(false);
        }
        catch (IOException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; the exchange knows.
        }
        finally
        {
            exchange.Leave();
        }
    }

    static async Task AnswerAsync(HttpContext context, Exchange exchange)
    {
        var head = exchange.Head!;
        context.Response.StatusCode = head.Status;
        foreach (var (name, value) in head.Headers)
        {
            if (exchange.IsFramed || name != "transfer-encoding")
            {
                context.Response.Headers.Append(name, value);
            }
        }

        var isStream = !context.Response.ContentLength.HasValue;
        if (isStream)
        {
            // A stream's head is a packet of its own.
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(isStream ? 4096 : WriteBuffer.ReadLimit);
        try
        {
            for (int count; (count = await exchange.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, MaxBody));
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        return body.ToArray();
    }
}
