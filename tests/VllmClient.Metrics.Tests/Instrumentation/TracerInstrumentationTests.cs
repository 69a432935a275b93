using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Vllm.Tests.Instrumentation;

public sealed class TracerInstrumentationTests : IDisposable
{
    readonly ActivitySource _source = new(VllmTelemetry.ActivitySourceName);
    readonly List<Activity> _exported = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exports_each_span_once_through_the_call_twice_or_the_source_alone(bool glue)
    {
        var builder = Sdk.CreateTracerProviderBuilder();
        if (glue) builder.AddVllmClientInstrumentation().AddVllmClientInstrumentation();
        else builder.AddSource(VllmTelemetry.ActivitySourceName);
        ActivityTraceId trace;
        using (var provider = builder.AddProcessor(new SimpleActivityExportProcessor(new KeptExporter<Activity>(_exported))).Build())
        {
            using var span = _source.StartActivity("chat llama", ActivityKind.Client);
            trace = span.ShouldNotBeNull().TraceId;
        }

        _exported.Where(span => span.TraceId == trace).ShouldHaveSingleItem().DisplayName.ShouldBe("chat llama");
    }

    [Fact]
    public async Task Traces_http_requests_below_our_spans_with_their_request_id_and_no_others()
    {
        var token = TestContext.Current.CancellationToken;
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/");
        var serving = Answer(server, 2, token);
        using var app = new ActivitySource("TracerInstrumentationTests.App");
        ActivityTraceId ours, theirs;

        using (var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(app.Name)
            .AddVllmClientInstrumentation(options => options.IncludeHttp = true)
            .AddVllmClientInstrumentation(options => options.IncludeHttp = true)
            .AddProcessor(new SimpleActivityExportProcessor(new KeptExporter<Activity>(_exported))).Build())
        {
            ours = await Send(_source, "chat llama", url, token);
            theirs = await Send(app, "scrape", url, token);
        }
        await serving;

        var http = _exported.Where(span => span.TraceId == ours && span.DisplayName != "chat llama").ShouldHaveSingleItem();
        http.GetTagItem(VllmTelemetry.Attributes.RequestId).ShouldBe("id-1");
        http.ParentSpanId.ShouldBe(_exported.Single(span => span.TraceId == ours && span.DisplayName == "chat llama").SpanId);
        _exported.Where(span => span.TraceId == theirs).ShouldHaveSingleItem().DisplayName.ShouldBe("scrape");
    }

    [Fact]
    public async Task Traces_no_http_requests_unless_asked_for()
    {
        var token = TestContext.Current.CancellationToken;
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = Answer(server, 1, token);
        ActivityTraceId ours;

        using (var provider = Sdk.CreateTracerProviderBuilder().AddVllmClientInstrumentation().AddProcessor(new SimpleActivityExportProcessor(new KeptExporter<Activity>(_exported))).Build())
        {
            ours = await Send(_source, "chat llama", new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/"), token);
        }
        await serving;

        _exported.Where(span => span.TraceId == ours).ShouldHaveSingleItem().DisplayName.ShouldBe("chat llama");
    }

    public void Dispose() => _source.Dispose();

    static async Task<ActivityTraceId> Send(ActivitySource source, string name, Uri url, CancellationToken token)
    {
        using var span = source.StartActivity(name, ActivityKind.Client);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Request-Id", "id-1");
        using var response = await http.SendAsync(request, token);
        return span.ShouldNotBeNull().TraceId;
    }

    static async Task Answer(TcpListener server, int requests, CancellationToken token)
    {
        for (var i = 0; i < requests; i++)
        {
            using var connection = await server.AcceptTcpClientAsync(token);
            var stream = connection.GetStream();
            _ = await stream.ReadAsync(new byte[4096], token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), token);
        }
    }
}
