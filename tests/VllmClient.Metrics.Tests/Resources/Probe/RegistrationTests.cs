using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class RegistrationTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ServiceProvider Services(Dictionary<string, string?>? settings, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        if (settings is not null) services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        add(services);
        return services.BuildServiceProvider();
    }

    static ResourceProbeOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<ResourceProbeOptions>>().Value;

    [Fact]
    public async Task The_probe_starts_and_ends_with_the_application()
    {
        var pages = new Pages().Text("http://gpu:8000/metrics", "vllm:num_requests_running 3\n").Text("http://gpu:8000/health", "");
        await using var services = Services(null, services =>
        {
            services.AddVllmClient(options => (options.BaseUrl, options.ApiKey) = (new("http://gpu:8000/v1"), "hush"));
            services.AddVllmResourceProbe();
            services.AddVllmResourceProbe(options => options.Interval = TimeSpan.FromSeconds(2));
            services.AddSingleton(new ResourceProbeServices { HttpHandler = pages, TimeProvider = new FakeTimeProvider() });
        });
        var host = services.GetServices<IHostedService>().Single();
        var probe = services.GetRequiredService<ResourceProbe>();
        await using var samples = probe.WatchAsync(Token).GetAsyncEnumerator(Token);

        var first = samples.MoveNextAsync();
        await host.StartAsync(Token);
        (await first).ShouldBeTrue();
        await host.StopAsync(Token);

        samples.Current["vllm"].ShouldNotBeNull().Server.ShouldNotBeNull().Running.ShouldBe(3);
        pages.Requests.ShouldAllBe(request => request.Headers.Authorization!.Parameter == "hush");
        (await samples.MoveNextAsync()).ShouldBeFalse();
        await Should.ThrowAsync<ObjectDisposedException>(() => probe.SampleAsync(Token));
    }

    [Fact]
    public async Task A_client_that_is_asked_for_its_key_is_asked_before_each_page()
    {
        var keys = 0;
        var pages = new Pages().Text("http://gpu:8000/metrics", "vllm:num_requests_running 3\n").Text("http://gpu:8000/health", "");
        await using var services = Services(null, services =>
        {
            services.AddVllmClient(options => (options.BaseUrl, options.ApiKey, options.ApiKeyProvider) = (new("http://gpu:8000/v1"), "old", _ => new($"hush{Interlocked.Increment(ref keys)}")));
            services.AddVllmResourceProbe();
            services.AddSingleton(new ResourceProbeServices { HttpHandler = pages, TimeProvider = new FakeTimeProvider() });
        });
        var probe = services.GetRequiredService<ResourceProbe>();

        await probe.SampleAsync(Token);
        await probe.SampleAsync(Token);

        pages.Requests.Select(request => request.Headers.Authorization!.Parameter).ShouldBe(["hush1", "hush2", "hush3", "hush4"], ignoreOrder: true);
        probe.Latest.ShouldNotBeNull()["vllm"].ShouldNotBeNull();
    }

    [Fact]
    public void Settings_come_from_the_section_and_code_has_the_last_word()
    {
        using var services = Services(new()
        {
            ["VllmResources:Interval"] = "00:00:05",
            ["VllmResources:RemoteInterval"] = "00:00:30",
            ["VllmResources:LocalGpus"] = "off",
            ["VllmResources:ServerInstruments"] = "true",
            ["VllmResources:Servers:gpu-1:Url"] = "http://gpu-1:8000",
            ["VllmResources:Servers:gpu-1:GpuExporter"] = "http://gpu-1:9400/metrics",
            ["VllmResources:Servers:gpu-1:PricePerHour"] = "2.99",
            ["VllmResources:Servers:gpu-1:GpuIds:0"] = "GPU-a",
            ["VllmResources:Servers:gpu-1:Pages:0"] = "http://gpu-1:9100/metrics",
            ["VllmResources:Servers:gpu-1:Headers:X-Team"] = "blue",
        }, services => services.AddVllmResourceProbe(options => options.Interval = TimeSpan.FromSeconds(7)));

        var options = Options(services);

        (options.Interval, options.RemoteInterval, options.LocalGpus, options.ServerInstruments).ShouldBe((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(30), LocalGpuSource.Off, true));
        var server = options.Servers.Single();
        (server.Name, server.Url, server.PricePerHour, server.Headers["x-team"]).ShouldBe(("gpu-1", new("http://gpu-1:8000"), 2.99m, "blue"));
        server.GpuIds.ShouldBe(["GPU-a"]);
        server.Pages.ShouldBe([new("http://gpu-1:9100/metrics")]);
    }

    [Fact]
    public void A_setting_that_cannot_be_read_is_an_error_without_its_value()
    {
        using var services = Services(new() { ["VllmResources:Interval"] = "hush" }, services => services.AddVllmResourceProbe());

        var message = Should.Throw<InvalidOperationException>(() => Options(services)).Message;

        message.ShouldContain("VllmResources:Interval");
        message.ShouldNotContain("hush");
    }

    [Fact]
    public void A_setting_that_is_not_known_is_warned_of()
    {
        var log = new FakeLogCollector();
        using var services = Services(new()
        {
            ["VllmResources:Intervall"] = "00:00:05",
            ["VllmResources:Server:gpu-1:Url"] = "http://gpu-1:8000",
            ["VllmResources:Servers:gpu-1:Urll"] = "http://gpu-1:8000",
            ["VllmResources:Servers:gpu-1:Url"] = "http://gpu-1:8000",
            ["VllmResources:Servers:gpu-1:Pages:0"] = "http://gpu-1:9100/metrics",
            ["VllmResources:Servers:gpu-1:Headers:X-Team"] = "blue",
            ["VllmResources:Servers:gpu-1:Exporters:Gpu"] = "hush",
            ["VllmResources:GpuIds:0"] = "GPU-a",
        }, services => services.AddVllmResourceProbe().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log))));

        Options(services);

        log.GetSnapshot().Select(entry => (entry.Level, entry.Id.Name)).Distinct().ShouldBe([(LogLevel.Warning, "UnknownOption")]);
        log.GetSnapshot().Select(entry => entry.StructuredState!.Single(pair => pair.Key == "Name").Value)
            .ShouldBe(["VllmResources:Intervall", "VllmResources:Server", "VllmResources:Servers:gpu-1:Urll", "VllmResources:Servers:gpu-1:Exporters"], ignoreOrder: true);
        log.GetSnapshot().ShouldAllBe(entry => !entry.Message.Contains("hush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Url", "http://user:hush@[gpu/v1?key=hush#hush", "'http://[gpu/v1'")]
    [InlineData("Url", "gpu-1:8000", "'gpu-1:8000'")]
    [InlineData("NodeExporter", "gpu-1/metrics?key=hush", "'gpu-1/metrics'")]
    [InlineData("Pages:0", "http:/user:hush@gpu-1:9100/metrics", "'gpu-1:9100/metrics'")]
    [InlineData("Url", "http://user:hush@gpu-1:8000", "'http://gpu-1:8000'")]
    public void A_bad_URL_is_shown_without_secrets_beside_an_example(string key, string value, string shown)
    {
        using var services = Services(new() { [$"VllmResources:Servers:gpu-1:{key}"] = value }, services => services.AddVllmResourceProbe());

        var message = Should.Throw<Exception>(() => Options(services)).Message;

        message.ShouldContain("gpu-1");
        message.ShouldContain(key.Split(':')[0]);
        message.ShouldContain(shown);
        message.ShouldContain("http://gpu-1:");
        message.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_URL_that_is_empty_is_a_fault_that_names_its_place(string value)
    {
        using var services = Services(
            new() { ["VllmResources:Servers:gpu-1:Url"] = value, ["VllmResources:Servers:gpu-1:NodeExporter"] = "http://gpu-1:9100/metrics" }, services => services.AddVllmResourceProbe());

        var message = Should.Throw<InvalidOperationException>(() => Options(services)).Message;

        message.ShouldContain("VllmResources:Servers:gpu-1:Url");
        message.ShouldContain("empty");
    }

    [Fact]
    public void The_default_client_is_left_out_when_told_so_or_watched_already()
    {
        using var off = Services(null, services =>
        {
            services.AddVllmClient();
            services.AddVllmResourceProbe(options => options.WatchDefaultClient = false);
        });
        using var twice = Services(null, services =>
        {
            services.AddVllmClient();
            services.AddVllmResourceProbe(options => options.Servers.Add(new("mine") { Url = new("http://localhost:8000") }));
        });
        using var none = Services(null, services => services.AddVllmResourceProbe());

        Options(off).Servers.ShouldBeEmpty();
        Options(twice).Servers.Single().Name.ShouldBe("mine");
        Options(none).Servers.ShouldBeEmpty();
    }

    [Fact]
    public void Wrong_options_are_found_at_the_start()
    {
        using var services = Services(null, services => services.AddVllmResourceProbe(options => options.Interval = TimeSpan.Zero));

        Should.Throw<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Message.ShouldContain("Interval");
    }
}
