using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests;

public class AddVllmClientTests
{
    [Fact]
    public async Task A_bare_service_collection_is_enough()
    {
        await using var server = ReplayServer.Of("chat-basic");
        await using var services = Bare(server.Url);

        var result = await services.GetRequiredService<IVllmClient>().ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("chatcmpl-a650eaa9fb1be623");
        services.GetRequiredService<IVllmClient>().ShouldBeSameAs(services.GetRequiredService<IVllmClient>());
    }

    [Fact]
    public async Task A_default_and_two_named_clients_go_their_own_ways()
    {
        await using var plain = ReplayServer.Of("version");
        await using var fast = ReplayServer.Of("version");
        await using var big = ReplayServer.Of("version");
        var collection = new ServiceCollection();
        collection.AddVllmClient(options => options.BaseUrl = plain.Url);
        collection.AddKeyedVllmClient("fast", options => options.BaseUrl = fast.Url);
        collection.AddKeyedVllmClient("big", options => options.BaseUrl = big.Url);
        await using var services = collection.BuildServiceProvider();

        await services.GetRequiredService<IVllmClient>().Server.GetVersionAsync(cancellationToken: TestContext.Current.CancellationToken);
        await services.GetRequiredKeyedService<IVllmClient>("fast").Server.GetVersionAsync(cancellationToken: TestContext.Current.CancellationToken);
        await services.GetRequiredKeyedService<IVllmClient>("big").Server.GetVersionAsync(cancellationToken: TestContext.Current.CancellationToken);

        plain.Requests.Count.ShouldBe(1);
        fast.Requests.Count.ShouldBe(1);
        big.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Options_may_depend_on_other_services()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(new Uri("http://from-services:8000"));
        collection.AddVllmClient((provider, options) => options.BaseUrl = provider.GetRequiredService<Uri>());
        collection.AddKeyedVllmClient("fast", (provider, options) => options.BaseUrl = new Uri(provider.GetRequiredService<Uri>(), "/fast"));
        await using var services = collection.BuildServiceProvider();

        services.GetRequiredService<IVllmClient>().Server.BaseUrl.ShouldBe(new Uri("http://from-services:8000/"));
        services.GetRequiredKeyedService<IVllmClient>("fast").Server.BaseUrl.ShouldBe(new Uri("http://from-services:8000/fast/"));
    }

    [Fact]
    public void What_configures_a_client_must_be_there()
    {
        var collection = new ServiceCollection();

        Should.Throw<ArgumentNullException>(() => collection.AddVllmClient((Action<IServiceProvider, VllmClientOptions>)null!)).ParamName.ShouldBe("configure");
        Should.Throw<ArgumentNullException>(() => collection.AddVllmClient((IConfiguration)null!)).ParamName.ShouldBe("configuration");
    }

    [Fact]
    public async Task Bad_options_fail_at_the_start_of_the_host_all_at_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddVllmClient(options =>
        {
            options.BaseUrl = new("ftp://gpu");
            options.MaxRetries = 11;
            options.ConnectTimeout = TimeSpan.Zero;
            options.MaxConcurrentRequests = 0;
        });
        using var host = builder.Build();

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        foreach (var name in new[] { "BaseUrl", "MaxRetries", "ConnectTimeout", "MaxConcurrentRequests" })
        {
            failure.Failures.Count(text => text.Contains(name, StringComparison.Ordinal)).ShouldBe(1, name);
        }
    }

    [Fact]
    public async Task Bad_options_of_a_named_client_name_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddVllmClient();
        builder.Services.AddKeyedVllmClient("fast", options => options.MaxRetries = -1);
        using var host = builder.Build();

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        failure.Failures.ShouldHaveSingleItem().ShouldContain("fast");
    }

    [Fact]
    public void Settings_come_from_the_section_of_the_configuration()
    {
        var options = Options(null, null, ("Vllm:BaseUrl", "http://gpu:1/v1"), ("Vllm:ApiKey", "k1"), ("Vllm:DefaultModel", "tiny"), ("Vllm:MaxRetries", "5"),
            ("Vllm:StreamIdleTimeout", "00:00:07"), ("Vllm:IncludeUsage", "false"), ("Vllm:RequireFinishReason", "false"), ("Vllm:DefaultHeaders:X-Team", "blue"), ("Vllm:fast:BaseUrl", "http://gpu:2"));

        options.BaseUrl.ShouldBe(new Uri("http://gpu:1/v1"));
        options.ApiKey.ShouldBe("k1");
        options.DefaultModel.ShouldBe("tiny");
        options.MaxRetries.ShouldBe(5);
        options.StreamIdleTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        options.IncludeUsage.ShouldBeFalse();
        options.RequireFinishReason.ShouldBeFalse();
        options.RequireDone.ShouldBeTrue();
        options.DefaultHeaders["X-Team"].ShouldBe("blue");
    }

    [Fact]
    public void A_named_client_has_its_own_section_and_inherits_nothing()
    {
        var options = Options("fast", null, ("Vllm:BaseUrl", "http://gpu:1"), ("Vllm:ApiKey", "k1"), ("Vllm:fast:BaseUrl", "http://gpu:2"));

        options.BaseUrl.ShouldBe(new Uri("http://gpu:2"));
        options.ApiKey.ShouldBeNull();
    }

    [Theory]
    [InlineData("http://gpu:3/v1", "http://gpu:3/v1", null, null)]
    [InlineData("Endpoint=http://gpu:3;Key=k1;Model=tiny", "http://gpu:3", "k1", "tiny")]
    [InlineData("BaseUrl=http://gpu:3;Key=k1", "http://gpu:3", "k1", null)]
    public void A_connection_string_serves_what_is_not_set(string text, string url, string? key, string? model)
    {
        var options = Options(null, null, ("ConnectionStrings:vllm", text));

        options.BaseUrl.ShouldBe(new Uri(url));
        options.ApiKey.ShouldBe(key);
        options.DefaultModel.ShouldBe(model);
    }

    [Fact]
    public void A_section_beats_the_connection_string_and_code_beats_both()
    {
        (string, string)[] settings = [("ConnectionStrings:vllm", "Endpoint=http://gpu:3;Key=k3;Model=m3"), ("Vllm:BaseUrl", "http://gpu:1"), ("Vllm:ApiKey", "k1")];

        var options = Options(null, code => code.BaseUrl = new("http://gpu:9"), settings);

        options.BaseUrl.ShouldBe(new Uri("http://gpu:9"));
        options.ApiKey.ShouldBe("k1");
        options.DefaultModel.ShouldBe("m3");
    }

    [Fact]
    public void Registering_twice_is_harmless_and_code_stays_last()
    {
        var collection = Collection(("Vllm:BaseUrl", "http://gpu:1"));
        collection.AddVllmClient(options => options.BaseUrl = new("http://gpu:9"));
        collection.AddVllmClient();
        using var services = collection.BuildServiceProvider();

        services.GetServices<IVllmClient>().Count().ShouldBe(1);
        services.GetRequiredService<IOptionsMonitor<VllmClientOptions>>().CurrentValue.BaseUrl.ShouldBe(new Uri("http://gpu:9"));
    }

    [Fact]
    public void A_section_can_be_given()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("My:Gpu:BaseUrl", "http://gpu:4"), new("Vllm:BaseUrl", "http://gpu:1")]).Build();
        var collection = new ServiceCollection();
        collection.AddVllmClient(configuration.GetSection("My:Gpu"));
        collection.AddKeyedVllmClient("named", configuration.GetSection("My:Gpu"));
        using var services = collection.BuildServiceProvider();

        var monitor = services.GetRequiredService<IOptionsMonitor<VllmClientOptions>>();

        monitor.CurrentValue.BaseUrl.ShouldBe(new Uri("http://gpu:4"));
        monitor.Get("named").BaseUrl.ShouldBe(new Uri("http://gpu:4"));
    }

    [Fact]
    public void A_value_that_cannot_be_read_names_its_place_and_not_itself()
    {
        var failure = Should.Throw<OptionsValidationException>(() => Options(null, null, ("Vllm:MaxRetries", "many"), ("Vllm:ConnectTimeout", "soon")));

        failure.Failures.Count().ShouldBe(2);
        failure.Message.ShouldContain("Vllm:MaxRetries");
        failure.Message.ShouldContain("Vllm:ConnectTimeout");
        failure.Message.ShouldNotContain("many");
    }

    [Theory]
    [InlineData("http://gpu:8000")]
    [InlineData("BaseUrl")]
    [InlineData("MaxRetries")]
    public void A_name_that_is_a_URL_or_an_option_shows_the_right_call(string name)
    {
        var failure = Should.Throw<ArgumentException>(() => new ServiceCollection().AddKeyedVllmClient(name));

        failure.Message.ShouldContain("AddVllmClient(options => options.");
    }

    [Fact]
    public async Task A_resilience_handler_of_all_clients_is_left_out_unless_it_is_wanted()
    {
        foreach (var keep in new[] { false, true })
        {
            await using var server = ReplayServer.Of("version");
            var seen = 0;
            var collection = new ServiceCollection();
            collection.ConfigureHttpClientDefaults(defaults => defaults.AddHttpMessageHandler(() => new ResilienceHandler(() => seen++)));
            collection.AddVllmClient(options => (options.BaseUrl, options.KeepDefaultResilienceHandlers) = (server.Url, keep));
            await using var services = collection.BuildServiceProvider();

            await services.GetRequiredService<IVllmClient>().Server.GetVersionAsync(cancellationToken: TestContext.Current.CancellationToken);

            seen.ShouldBe(keep ? 1 : 0);
        }
    }

    [Fact]
    public async Task A_slow_answer_under_the_standard_resilience_of_an_application_is_asked_for_once()
    {
        var clock = new FakeTimeProvider();
        var handler = new ScriptedHandler().Answers(async token =>
        {
            // Half a minute passes in steps, so that a timer of any handler in between would fire.
            for (var i = 0; i < 60; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(0.5));
                await Task.Yield();
                token.ThrowIfCancellationRequested();
            }

            return new(System.Net.HttpStatusCode.OK) { Content = new StringContent(SseText.ChatAnswer("slow"), System.Text.Encoding.UTF8, "application/json") };
        });
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(clock);
        collection.ConfigureHttpClientDefaults(defaults => defaults.AddStandardResilienceHandler());
        collection.AddVllmClient(options => options.BaseUrl = new("http://gpu:8000")).ConfigurePrimaryHttpMessageHandler(() => handler);
        await using var services = collection.BuildServiceProvider();

        var result = await services.GetRequiredService<IVllmClient>().ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe("slow");
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_one_client_leaves_the_metrics_of_the_others()
    {
        await using var server = ReplayServer.Of("chat-basic");
        var collection = new ServiceCollection();
        collection.AddVllmClient(options => options.BaseUrl = server.Url);
        collection.AddKeyedVllmClient("second", options => options.BaseUrl = server.Url);
        await using var services = collection.BuildServiceProvider();
        using var durations = new Microsoft.Extensions.Diagnostics.Metrics.Testing.MetricCollector<double>(
            services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), VllmTelemetry.MeterName, VllmTelemetry.Instruments.OperationDuration);
        var (first, second) = (services.GetRequiredService<IVllmClient>(), services.GetRequiredKeyedService<IVllmClient>("second"));
        await first.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        ((IDisposable)first).Dispose();
        await second.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        durations.GetMeasurementSnapshot().Count.ShouldBe(2);
    }

    static ServiceProvider Bare(Uri url)
    {
        var collection = new ServiceCollection();
        collection.AddVllmClient(options => options.BaseUrl = url);
        return collection.BuildServiceProvider();
    }

    static VllmClientOptions Options(string? name, Action<VllmClientOptions>? code, params (string Key, string Value)[] settings)
    {
        var collection = Collection(settings);
        if (name is null) collection.AddVllmClient(code);
        else collection.AddKeyedVllmClient(name, code);
        using var services = collection.BuildServiceProvider();
        return services.GetRequiredService<IOptionsMonitor<VllmClientOptions>>().Get(name ?? Microsoft.Extensions.Options.Options.DefaultName);
    }

    static ServiceCollection Collection(params (string Key, string Value)[] settings)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        return collection;
    }

    sealed class ResilienceHandler(Action seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
