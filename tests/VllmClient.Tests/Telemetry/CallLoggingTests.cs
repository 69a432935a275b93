using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;
using Vllm.Tests.Http;

namespace Vllm.Tests.Telemetry;

/// <summary>What an application finds in its log when it calls a server over real connections.</summary>
public class CallLoggingTests
{
    const string NetCategory = "System.Net.Http.HttpClient";

    readonly FakeLogCollector _log = new();
    readonly FakeTimeProvider _clock = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("fast")]
    public async Task A_good_chat_says_nothing_above_Debug(string? name)
    {
        await using var server = ReplayServer.Of("chat-basic");
        await using var services = Services(LogLevel.Information, name, options => options.BaseUrl = server.Url);

        await Client(services, name).ChatAsync("Hello", cancellationToken: Token);

        _log.GetSnapshot().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fast")]
    public async Task A_refused_chat_is_one_failure_beside_its_retries_and_shows_no_stack_trace(string? name)
    {
        await using var services = Services(LogLevel.Information, name, options => options.BaseUrl = Closed());

        await Should.ThrowAsync<VllmConnectionException>(() => _clock.RunAsync(Client(services, name).ChatAsync("Hello", cancellationToken: Token), TimeSpan.FromSeconds(0.5)));

        var entries = _log.GetSnapshot();
        entries.Select(entry => (entry.Category, entry.Id.Name, entry.Level)).ShouldBe(
        [
            ("VllmClient", "RetryScheduled", LogLevel.Warning),
            ("VllmClient", "RetryScheduled", LogLevel.Warning),
            ("VllmClient", "CallFailed", LogLevel.Warning),
        ]);
        entries.ShouldAllBe(entry => entry.Exception == null);
        entries[^1].Message.ShouldContain("chat");
        entries[^1].Message.ShouldContain("connection_error");
        entries[^1].Message.ShouldContain("attempts 3");
        entries[^1].Message.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task No_exception_is_logged_at_any_level_so_none_brings_its_words()
    {
        await using var services = Services(LogLevel.Trace, null, options => (options.BaseUrl, options.MaxRetries) = (Closed(), 0));

        await Should.ThrowAsync<VllmConnectionException>(() => Client(services, null).ChatAsync("Hello", cancellationToken: Token));

        _log.GetSnapshot().ShouldAllBe(entry => entry.Exception == null);
        _log.GetSnapshot().Where(entry => entry.Id.Name is "CallFailed" or "CallEnded").Select(entry => entry.Level).ShouldBe([LogLevel.Warning, LogLevel.Debug], ignoreOrder: true);
    }

    [Theory]
    [InlineData("refused", "CallFailed")]
    [InlineData("unreadable", "CallFailed")]
    [InlineData("slow", "CallFailed")]
    [InlineData("key", "CallFailed")]
    [InlineData("truncated", "StreamTruncated")]
    [InlineData("malformed", "StreamMalformed")]
    [InlineData("in-band", "StreamServerError")]
    [InlineData("abort", "AnswerAborted")]
    public async Task Every_failure_is_one_entry(string ending, string entry)
    {
        using var loggers = Loggers(LogLevel.Information);
        using var client = Script(ending).Client(options => Configure(options, ending), new() { LoggerFactory = loggers });

        await Should.ThrowAsync<Exception>(async () => await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token));

        _log.GetSnapshot().Select(one => (one.Id.Name, one.Level, one.Exception)).ShouldBe([(entry, LogLevel.Warning, null)]);
    }

    [Fact]
    public async Task What_the_caller_ends_is_no_failure()
    {
        using var loggers = Loggers(LogLevel.Information);
        using var source = new CancellationTokenSource();
        using var client = new ScriptedHandler().Hangs(source.Cancel).Client(services: new() { LoggerFactory = loggers });

        await Should.ThrowAsync<OperationCanceledException>(() => client.ChatAsync("Hi", cancellationToken: source.Token));

        _log.GetSnapshot().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "Vllm:KeepHttpClientLogs")]
    [InlineData("fast", "Vllm:fast:KeepHttpClientLogs")]
    public async Task The_logs_of_HttpClient_stay_where_they_are_wanted(string? name, string key)
    {
        await using var server = ReplayServer.Of("chat-basic");
        await using var services = Services(LogLevel.Information, name, options => options.BaseUrl = server.Url, (key, "true"));

        await Client(services, name).ChatAsync("Hello", cancellationToken: Token);

        _log.GetSnapshot().Count.ShouldBe(4);
        _log.GetSnapshot().ShouldAllBe(entry => entry.Category!.StartsWith(NetCategory, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_logs_of_other_HTTP_clients_are_left_alone()
    {
        await using var server = ReplayServer.Of("health");
        var collection = Collection(LogLevel.Information);
        collection.AddVllmClient(options => options.BaseUrl = server.Url);
        collection.AddHttpClient("other");
        await using var services = collection.BuildServiceProvider();

        await services.GetRequiredService<IHttpClientFactory>().CreateClient("other").GetAsync(new Uri(server.Url, "health"), Token);

        _log.GetSnapshot().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_logger_that_the_application_gives_the_client_is_heard()
    {
        await using var server = ReplayServer.Of("chat-basic");
        var logger = new CountingLogger();
        var collection = Collection(LogLevel.Information);
        collection.AddVllmClient(options => options.BaseUrl = server.Url).AddLogger(_ => logger);
        await using var services = collection.BuildServiceProvider();

        await Client(services, null).ChatAsync("Hello", cancellationToken: Token);

        logger.Started.ShouldBe(1);
        _log.GetSnapshot().ShouldBeEmpty();
    }

    static Uri Closed()
    {
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
    }

    static ScriptedHandler Script(string ending) => ending switch
    {
        "refused" => new ScriptedHandler().Answers(HttpStatusCode.BadRequest, """{"error":{"message":"no","type":"BadRequestError","param":null,"code":400}}"""),
        "unreadable" => new ScriptedHandler().Answers(HttpStatusCode.OK, "<html></html>", "text/html"),
        "slow" => new ScriptedHandler().Hangs(),
        "truncated" => new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"))),
        "malformed" => new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"), "data: {\n\n")),
        "in-band" => new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"), SseText.Event("""{"error":{"message":"no","type":"InternalServerError","code":500}}"""), SseText.Done)),
        "abort" => new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Text("a"), SseText.Finish("abort"), SseText.Done)),
        _ => new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("never asked for")),
    };

    static void Configure(VllmClientOptions options, string ending)
    {
        if (ending == "slow") options.ResponseHeadersTimeout = TimeSpan.FromMilliseconds(20);
        if (ending == "key") options.ApiKeyProvider = _ => throw new InvalidOperationException("no key today");
    }

    static IVllmClient Client(IServiceProvider services, string? name) =>
        name is null ? services.GetRequiredService<IVllmClient>() : services.GetRequiredKeyedService<IVllmClient>(name);

    ServiceProvider Services(LogLevel least, string? name, Action<VllmClientOptions> configure, params (string Key, string Value)[] settings)
    {
        var collection = Collection(least);
        collection.AddSingleton<TimeProvider>(_clock);
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        if (name is null) collection.AddVllmClient(configure);
        else collection.AddKeyedVllmClient(name, configure);
        return collection.BuildServiceProvider();
    }

    ServiceCollection Collection(LogLevel least)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(least).AddProvider(new FakeLoggerProvider(_log)));
        return collection;
    }

    ILoggerFactory Loggers(LogLevel least) => LoggerFactory.Create(logging => logging.SetMinimumLevel(least).AddProvider(new FakeLoggerProvider(_log)));

    sealed class CountingLogger : IHttpClientLogger
    {
        public int Started { get; private set; }

        public object? LogRequestStart(HttpRequestMessage request)
        {
            Started++;
            return null;
        }

        public void LogRequestStop(object? context, HttpRequestMessage request, HttpResponseMessage response, TimeSpan elapsed) { }

        public void LogRequestFailed(object? context, HttpRequestMessage request, HttpResponseMessage? response, Exception exception, TimeSpan elapsed) { }
    }
}
