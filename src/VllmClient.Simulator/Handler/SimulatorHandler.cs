using System.Net;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Handler;

/// <summary>The simulator as an <see cref="HttpMessageHandler"/>: no socket, any base address.</summary>
sealed class SimulatorHandler(IRequestPipeline pipeline) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var exchange = pipeline.Begin(new IncomingRequest
        {
            Method = request.Method.Method,
            Path = request.RequestUri!.AbsolutePath,
            Body = body,
            ContentType = request.Content?.Headers.ContentType?.ToString(),
            Authorization = request.Headers.Authorization?.ToString(),
            RequestId = First(request, "X-Request-Id"),
            Steering = First(request, "x-simulator"),
        });
        if (await exchange.WaitForHeadAsync(cancellationToken).ConfigureAwait(false) == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"The simulated server at {request.RequestUri.Authority} is stopped.");
        }

        return ToResponse(exchange, request);
    }

    static HttpResponseMessage ToResponse(Exchange exchange, HttpRequestMessage request)
    {
        var head = exchange.Head!;
        var response = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            Content = new StreamContent(new ExchangeStream(exchange)),
            RequestMessage = request,
            Version = HttpVersion.Version11,
        };
        foreach (var (name, value) in head.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    static string? First(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
