using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vllm.Tests.Instrumentation.Export;

/// <summary>A point of a metric, as a collector reads it from the wire. Of a histogram: sum, count and bounds; of a sum: its value.</summary>
sealed record OtlpPoint(string Meter, string Name, string Unit, string Description, string Kind, double Value, ulong Count, double[] Bounds, IReadOnlyDictionary<string, string> Tags, int Exemplars);

/// <summary>A span, as a collector reads it from the wire.</summary>
sealed record OtlpSpan(string Source, string Name, IReadOnlyDictionary<string, string> Tags, string[] Events);

/// <summary>An OTLP collector on a loopback port, http/protobuf, that decodes what real exporters send. Field numbers are those of opentelemetry-proto 1.</summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication _app;

    OtlpReceiver(WebApplication app) => _app = app;

    internal Uri Url => new(_app.Urls.Single());

    internal ConcurrentQueue<OtlpPoint> Points { get; } = new();

    internal ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    internal static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task ReceiveAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var message = new ProtoMessage(body.ToArray());
        if (context.Request.ContentType != "application/x-protobuf") throw new FormatException(context.Request.ContentType);
        if (context.Request.Path == "/v1/metrics") Metrics(message);
        else Traces(message);
        context.Response.ContentType = "application/x-protobuf";
    }

    void Metrics(ProtoMessage request)
    {
        foreach (var scope in request.All(1).SelectMany(resource => resource.All(2)))
        {
            var meter = scope.All(1).Single().Text(1);
            foreach (var metric in scope.All(2))
            {
                foreach (var point in PointsOf(metric)) Points.Enqueue(point with { Meter = meter, Name = metric.Text(1), Description = metric.Text(2), Unit = metric.Text(3) });
            }
        }
    }

    static IEnumerable<OtlpPoint> PointsOf(ProtoMessage metric)
    {
        foreach (var sum in metric.All(7))
        {
            var kind = sum.Number(3) == 1 ? "counter" : "up-down counter";
            foreach (var point in sum.All(1)) yield return new("", "", "", "", kind, (long)point.Number(6), 1, [], Tags(point, 7), 0);
        }

        foreach (var point in metric.All(9).SelectMany(histogram => histogram.All(1)))
            yield return new("", "", "", "", "histogram", point.Double(5), point.Number(4), point.Doubles(7), Tags(point, 9), point.All(8).Count());
    }

    void Traces(ProtoMessage request)
    {
        foreach (var scope in request.All(1).SelectMany(resource => resource.All(2)))
        {
            var source = scope.All(1).Single().Text(1);
            foreach (var span in scope.All(2)) Spans.Enqueue(new(source, span.Text(5), Tags(span, 9), [.. span.All(11).Select(one => one.Text(2))]));
        }
    }

    static Dictionary<string, string> Tags(ProtoMessage owner, int field) =>
        owner.All(field).ToDictionary(tag => tag.Text(1), tag => Value(tag.All(2).Single()));

    static string Value(ProtoMessage value) =>
        value.Has(1) ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
