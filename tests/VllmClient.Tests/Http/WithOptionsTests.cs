using System.Net;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Clients with other options over the same connections.</summary>
public class WithOptionsTests
{
    [Fact]
    public async Task Another_model_and_key_go_over_the_same_connection()
    {
        await using var server = ReplayServer.Of("chat-basic", "chat-basic");
        using var client = server.Client(options => (options.ApiKey, options.DefaultModel) = ("one", "a"));
        var other = client.WithOptions(options => (options.ApiKey, options.DefaultModel) = ("two", "b"));

        await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);
        await other.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        server.Connections.ShouldBe(1);
        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer one", "Bearer two"]);
        server.Requests.Select(request => request.Json["model"]!.GetValue<string>()).ShouldBe(["a", "b"]);
    }

    public static TheoryData<string, Action<VllmClientOptions>> OfConnections => new()
    {
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(1) },
        { "PooledConnectionIdleTimeout", options => options.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) },
        { "PooledConnectionLifetime", options => options.PooledConnectionLifetime = TimeSpan.FromSeconds(1) },
        { "MaxConnectionsPerServer", options => options.MaxConnectionsPerServer = 1 },
        { "KeepDefaultResilienceHandlers", options => options.KeepDefaultResilienceHandlers = true },
        { "Telemetry.PropagateContext", options => options.Telemetry.PropagateContext = false },
    };

    [Theory]
    [MemberData(nameof(OfConnections))]
    public void An_option_of_the_connections_is_refused_by_name(string name, Action<VllmClientOptions> change)
    {
        using var client = new ScriptedHandler().Client();

        Should.Throw<ArgumentException>(() => client.WithOptions(change)).Message.ShouldContain(name);
    }

    [Fact]
    public void A_bad_option_is_refused_as_everywhere()
    {
        using var client = new ScriptedHandler().Client();

        Should.Throw<ArgumentException>(() => client.WithOptions(options => options.MaxRetries = 99)).Message.ShouldContain("MaxRetries");
    }

    [Fact]
    public async Task The_copy_ends_with_the_client_it_was_made_from()
    {
        var client = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok")).Client();
        var other = client.WithOptions(options => options.MaxRetries = 0);
        client.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(() => other.ChatAsync("Hi"));
        Should.Throw<ObjectDisposedException>(() => client.WithOptions(_ => { }));
    }

    [Fact]
    public async Task Disposing_the_copy_leaves_the_original_alone()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok")).Client();
        ((IDisposable)client.WithOptions(options => options.MaxRetries = 0)).Dispose();

        (await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken)).Text.ShouldBe("ok");
    }
}
