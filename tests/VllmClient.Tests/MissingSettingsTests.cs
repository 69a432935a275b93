using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Vllm.Tests;

/// <summary>Settings that are empty, misspelt or not there: none of them may end at another server in silence.</summary>
public class MissingSettingsTests
{
    readonly FakeLogCollector _log = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "Vllm:BaseUrl", "")]
    [InlineData(null, "Vllm:BaseUrl", "  ")]
    [InlineData("fast", "Vllm:fast:BaseUrl", "")]
    [InlineData(null, "ConnectionStrings:vllm", "")]
    [InlineData("fast", "ConnectionStrings:fast", " ")]
    [InlineData(null, "ConnectionStrings:vllm", "Endpoint=;Key=k1")]
    public async Task An_address_that_is_empty_is_a_fault_that_names_its_place(string? name, string key, string value)
    {
        await ShouldFailAtStart(name, failure => failure.Failures.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            text => text.ShouldContain(key),
            text => text.ShouldContain("empty"),
            text => text.ShouldContain("http://localhost:8000")), (key, value));
    }

    [Fact]
    public void An_empty_address_in_the_environment_is_a_fault()
    {
        // Another prefix than any other test's, since the environment is the process's.
        Environment.SetEnvironmentVariable("EMPTYADDRESS_Vllm__BaseUrl", "");
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables("EMPTYADDRESS_").Build());
        collection.AddVllmClient();
        using var services = collection.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(services.GetRequiredService<IVllmClient>).Message.ShouldContain("Vllm:BaseUrl");
    }

    [Fact]
    public void What_may_be_absent_may_be_empty()
    {
        var options = Options(null, ("Vllm:BaseUrl", "http://gpu:1"), ("Vllm:ApiKey", ""), ("Vllm:DefaultModel", ""), ("Vllm:MaxConcurrentRequests", ""), ("ConnectionStrings:vllm", ""));

        (options.BaseUrl, options.ApiKey, options.DefaultModel, options.MaxConcurrentRequests).ShouldBe((new("http://gpu:1"), null, null, null));
    }

    [Fact]
    public async Task A_named_client_without_an_address_fails_at_start_and_says_what_was_looked_for()
    {
        await ShouldFailAtStart("typo", failure => failure.Failures.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            text => text.ShouldContain("'typo'"),
            text => text.ShouldContain("Vllm:typo:BaseUrl"),
            text => text.ShouldContain("ConnectionStrings:typo"),
            text => text.ShouldContain("AddKeyedVllmClient(\"typo\", options => options.BaseUrl = new Uri(\"http://localhost:8000\"))")));
    }

    [Fact]
    public async Task A_named_client_that_has_other_settings_needs_an_address_too()
    {
        await ShouldFailAtStart("fast", failure => failure.Failures.ShouldHaveSingleItem().ShouldContain("Vllm:fast:BaseUrl"), ("Vllm:fast:MaxRetries", "0"), ("Vllm:BaseUrl", "http://gpu:1"));
    }

    [Fact]
    public async Task A_named_client_without_an_address_shows_the_sections_that_there_are()
    {
        await ShouldFailAtStart("typo", failure => failure.Message.ShouldSatisfyAllConditions(
            text => text.ShouldContain("fast"),
            text => text.ShouldContain("big"),
            text => text.ShouldNotContain("DefaultHeaders"),
            text => text.ShouldNotContain("http://gpu")), ("Vllm:fast:BaseUrl", "http://gpu:1"), ("Vllm:big:BaseUrl", "http://gpu:2"), ("Vllm:DefaultHeaders:X-Team", "blue"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fast")]
    public void A_section_that_is_given_and_not_there_is_a_fault_that_names_it(string? name)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Gpu:Vllm:BaseUrl", "http://gpu:1")]).Build();
        var collection = new ServiceCollection();
        if (name is null) collection.AddVllmClient(configuration.GetSection("Gpu:Vlm"));
        else collection.AddKeyedVllmClient(name, configuration.GetSection("Gpu:Vlm"));
        using var services = collection.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => Client(services, name)).Message.ShouldContain("Gpu:Vlm");
    }

    [Fact]
    public void A_named_client_takes_the_address_of_its_HTTP_client()
    {
        var collection = new ServiceCollection();
        collection.AddKeyedVllmClient("fast").ConfigureHttpClient(http => http.BaseAddress = new("http://gpu:7"));
        using var services = collection.BuildServiceProvider();

        ((VllmClient)Client(services, "fast")).Address().ShouldBe(new Uri("http://gpu:7/"));
    }

    [Fact]
    public async Task A_host_starts_where_the_address_is_that_of_the_HTTP_client()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddKeyedVllmClient("fast").ConfigureHttpClient(http => http.BaseAddress = new("http://gpu:7"));
        using var host = builder.Build();

        await host.StartAsync(Token);
        await host.StopAsync(Token);
    }

    [Fact]
    public void The_default_client_says_once_that_nothing_set_its_address()
    {
        using var services = Services(null);

        ((VllmClient)Client(services, null)).Address().ShouldBe(new Uri("http://localhost:8000/"));

        var entry = _log.GetSnapshot().ShouldHaveSingleItem();
        (entry.Id.Name, entry.Level).ShouldBe(("DefaultBaseUrl", LogLevel.Information));
        entry.Message.ShouldContain("http://localhost:8000");
        entry.Message.ShouldContain("Vllm:BaseUrl");
        entry.Message.ShouldContain("ConnectionStrings:vllm");
    }

    [Fact]
    public void A_subsection_that_no_client_reads_is_warned_of_once()
    {
        using var services = Services("fast", ("Vllm:fast:BaseUrl", "http://gpu:1"), ("Vllm:fats:BaseUrl", "http://gpu:2"), ("Vllm:Telemtry:MaxModels", "7"), ("Vllm:Telemetry:MaxModels", "7"), ("Vllm:DefaultHeaders:X-Team", "blue"));

        Client(services, "fast");

        _log.GetSnapshot().Select(entry => (entry.Id.Name, entry.Level)).ShouldBe([("UnreadSection", LogLevel.Warning), ("UnreadSection", LogLevel.Warning)]);
        _log.GetSnapshot().Select(entry => entry.StructuredState!.Single(pair => pair.Key == "Section").Value).ShouldBe(["Vllm:fats", "Vllm:Telemtry"], ignoreOrder: true);
        _log.GetSnapshot().ShouldAllBe(entry => entry.Message.Contains("fast", StringComparison.Ordinal));
    }

    [Fact]
    public void Sections_of_several_clients_are_told_apart_from_those_of_none()
    {
        var collection = Collection(("Vllm:BaseUrl", "http://gpu:0"), ("Vllm:Fast:BaseUrl", "http://gpu:1"), ("Vllm:big:BaseUrl", "http://gpu:2"), ("Vllm:fats:BaseUrl", "http://gpu:3"));
        collection.AddVllmClient();
        collection.AddKeyedVllmClient("fast");
        collection.AddKeyedVllmClient("big");
        using var services = collection.BuildServiceProvider();

        Client(services, null);
        Client(services, "fast");
        Client(services, "big");

        _log.GetSnapshot().ShouldHaveSingleItem().Message.ShouldContain("Vllm:fats");
    }

    [Theory]
    [InlineData("http//gpu:8000", "'http//gpu:8000'")]
    [InlineData("gpu:8000", "'gpu:8000'")]
    [InlineData("http://user:hush@[gpu/v1?key=hush", "'http://[gpu/v1'")]
    public void A_bad_address_is_shown_without_secrets_beside_an_example(string value, string shown)
    {
        var message = Should.Throw<OptionsValidationException>(() => Options(null, ("Vllm:BaseUrl", value))).Message;

        message.ShouldContain("BaseUrl");
        message.ShouldContain(shown);
        message.ShouldContain("http://localhost:8000");
        message.ShouldNotContain("hush");
    }

    async Task ShouldFailAtStart(string? name, Action<OptionsValidationException> check, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (name is null) builder.Services.AddVllmClient();
        else builder.Services.AddKeyedVllmClient(name);
        using var host = builder.Build();
        check(await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Token)));

        using var services = Services(name, settings);
        check(Should.Throw<OptionsValidationException>(() => Client(services, name)));
    }

    static object Client(IServiceProvider services, string? name) =>
        name is null ? services.GetRequiredService<IVllmClient>() : services.GetRequiredKeyedService<IVllmClient>(name);

    VllmClientOptions Options(string? name, params (string Key, string Value)[] settings)
    {
        using var services = Services(name, settings);
        return services.GetRequiredService<IOptionsMonitor<VllmClientOptions>>().Get(name ?? Microsoft.Extensions.Options.Options.DefaultName);
    }

    ServiceProvider Services(string? name, params (string Key, string Value)[] settings)
    {
        var collection = Collection(settings);
        if (name is null) collection.AddVllmClient();
        else collection.AddKeyedVllmClient(name);
        return collection.BuildServiceProvider();
    }

    ServiceCollection Collection(params (string Key, string Value)[] settings)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        return collection;
    }
}

file static class ClientAddress
{
    internal static Uri Address(this VllmClient client) => ((IClientFacts)client).BaseUrl;
}
