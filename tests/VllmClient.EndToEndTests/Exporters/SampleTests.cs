using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ExportersSample;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Vllm.Tests.Prometheus;

namespace Vllm.Tests.Exporters;

/// <summary>samples/Exporters from outside: what it says, and what its exporters send.</summary>
public sealed class SampleTests
{
    static readonly string[] Essentials = ["gen_ai.client.operation.duration", "gen_ai.client.token.usage", "vllm.client.active_requests", "vllm.client.time_to_first_token"];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "console|otlp|prometheus")]
    [InlineData("statsd", "console, otlp or prometheus, not 'statsd'")]
    [InlineData("console --port 9000", "goes with prometheus only")]
    [InlineData("otlp --for soon", "--for takes a time")]
    [InlineData("otlp --for 0s", "--for takes a time")]
    [InlineData("prometheus --port 0", "--port takes a number from 1 to 65535")]
    [InlineData("prometheus --url gpu:8000", "--url takes an http or https address")]
    [InlineData("console --users 5", "--users")]
    public async Task Bad_input_is_answered_in_one_sentence_and_exit_code_2(string line, string expected)
    {
        using var output = new StringWriter();
        using var error = new StringWriter { NewLine = "\n" };

        var code = await new Application(output, error).RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        code.ShouldBe(2);
        output.ToString().ShouldBeEmpty();
        error.ToString().ShouldContain(expected);
        error.ToString().TrimEnd().ShouldNotContain("\n");
    }

    [Fact]
    public async Task Help_names_everything_that_can_be_given()
    {
        using var output = new StringWriter();

        (await new Application(output, TextWriter.Null).RunAsync(["--help"])).ShouldBe(0);

        foreach (var name in new[] { "console|otlp|prometheus", "--url", "--port", "--for", "OTEL_EXPORTER_OTLP_ENDPOINT" })
            output.ToString().ShouldContain(name);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_at_once()
    {
        await using var program = StartedProgram.Sample(["otlp", "--url", "http://127.0.0.1:1"], new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" });

        (await program.EndAsync(Token)).ShouldBe(2);
        program.Text.ShouldContain("nothing answers at 127.0.0.1:1");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_at_once()
    {
        using var taken = new HttpListener();
        var port = PrometheusServer.FreePort();
        taken.Prefixes.Add($"http://localhost:{port}/");
        taken.Start();

        await using var program = StartedProgram.Sample(["prometheus", "--port", $"{port}"]);

        (await program.EndAsync(Token)).ShouldBe(2);
        program.Text.ShouldContain($"Port {port} cannot be used");
        program.Text.ShouldContain("--port");
    }

    [Fact]
    public async Task The_console_shows_metrics_and_spans()
    {
        await using var program = StartedProgram.Sample(["console", "--for", "1s"]);

        (await program.EndAsync(Token)).ShouldBe(0);
        foreach (var name in Essentials)
            program.Text.ShouldContain($"Metric Name: {name}");
        program.Text.ShouldContain("Activity.DisplayName:        chat");
        program.Text.ShouldContain(" 0 failed.");
    }

    [Fact]
    public async Task Otlp_brings_metrics_and_spans_to_a_receiver()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        await using var receiver = builder.Build();
        receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.AddOrUpdate(context.Request.Path, _ => Encoding.UTF8.GetString(body.ToArray()), (_, former) => former + Encoding.UTF8.GetString(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await receiver.StartAsync(Token);

        await using var program = StartedProgram.Sample(
            ["otlp", "--for", "1s"],
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });
        (await program.EndAsync(Token)).ShouldBe(0);

        foreach (var name in Essentials)
            received["/v1/metrics"].ShouldContain(name);
        received["/v1/traces"].ShouldContain("gen_ai.usage.output_tokens");
    }
}
