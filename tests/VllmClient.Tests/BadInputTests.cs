using System.Net;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests;

/// <summary>What the server would ignore or misreport is refused before anything is sent, in words that name the property.</summary>
public class BadInputTests
{
    readonly ScriptedHandler _handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok"));

    public static TheoryData<string, ChatRequest, string> Requests => new()
    {
        { "no messages", new() { Messages = [] }, "Messages" },
        { "null messages", new() { Messages = null! }, "Messages" },
        { "a null message", new() { Messages = [null!] }, "Messages" },
        { "blank model", new() { Messages = ["Hi"], Model = " " }, "Model" },
        { "NaN", new() { Messages = ["Hi"], Temperature = double.NaN }, "Temperature" },
        { "infinity", new() { Messages = ["Hi"], TopP = double.PositiveInfinity }, "TopP" },
        { "guided", new() { Messages = ["Hi"], ExtraBody = new() { ["guided_json"] = new JsonObject() } }, "guided_json" },
        { "stream", new() { Messages = ["Hi"], ExtraBody = new() { ["stream"] = true } }, "'stream'" },
        { "stream options", new() { Messages = ["Hi"], ExtraBody = new() { ["stream_options"] = new JsonObject() } }, "IncludeUsage" },
        { "both ends of the prompt", new() { Messages = ["Hi"], ContinueFinalMessage = true, AddGenerationPrompt = true }, "AddGenerationPrompt" },
    };

    public static TheoryData<string, VllmRequestOptions> Limits => new()
    {
        { "Timeout", new() { Timeout = TimeSpan.Zero } },
        { "StreamIdleTimeout", new() { StreamIdleTimeout = TimeSpan.FromSeconds(-2) } },
        { "FirstTokenTimeout", new() { FirstTokenTimeout = TimeSpan.Zero } },
        { "ResponseHeadersTimeout", new() { ResponseHeadersTimeout = TimeSpan.Zero } },
        { "MaxRetries", new() { MaxRetries = 11 } },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_makes_no_sense_is_not_sent(string what, ChatRequest request, string named)
    {
        using var client = _handler.Client();

        var whole = await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync(request), what);
        var stream = await Should.ThrowAsync<ArgumentException>(async () => await client.ChatStreamAsync(request).ToListAsync(), what);

        whole.Message.ShouldContain(named);
        stream.Message.ShouldContain(named);
        _handler.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Continuing_the_last_message_adds_no_generation_prompt()
    {
        using var client = _handler.Client();

        await client.ChatAsync(new() { Messages = ["Hi"], ContinueFinalMessage = true }, cancellationToken: TestContext.Current.CancellationToken);

        _handler.Request.Json["continue_final_message"]!.GetValue<bool>().ShouldBeTrue();
        _handler.Request.Json["add_generation_prompt"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("Host", "x")]
    [InlineData("Content-Length", "1")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("X Bad", "1")]
    [InlineData("X-Bad", "a\r\nb")]
    public async Task A_header_that_cannot_be_sent_is_named(string name, string value)
    {
        using var client = _handler.Client();

        var ofRequest = await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync("Hi", new() { ExtraHeaders = new Dictionary<string, string> { [name] = value } }));
        var ofOptions = Should.Throw<ArgumentException>(() => new ScriptedHandler().Client(options => options.DefaultHeaders[name] = value));

        ofRequest.Message.ShouldContain(name);
        ofOptions.Message.ShouldContain(name);
        _handler.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words\n")]
    public async Task A_request_id_that_cannot_be_sent_is_named(string id)
    {
        using var client = _handler.Client();

        var failure = await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync("Hi", new() { RequestId = id }));

        failure.Message.ShouldContain("RequestId");
        _handler.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Limits_of_a_request_are_checked_as_those_of_the_client(string named, VllmRequestOptions options)
    {
        using var client = _handler.Client();

        var failure = await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync("Hi", options));

        failure.Message.ShouldContain(named);
        _handler.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_limit_is_a_limit_too()
    {
        using var client = _handler.Client();

        await client.ChatAsync("Hi", new() { Timeout = Timeout.InfiniteTimeSpan, MaxRetries = 10 }, TestContext.Current.CancellationToken);

        _handler.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("ftp://gpu")]
    [InlineData("http://gpu?x=1")]
    [InlineData("http://gpu#x")]
    [InlineData("http://me@gpu")]
    public void A_base_URL_that_is_none_names_the_option(string url)
    {
        var failure = Should.Throw<ArgumentException>(() => new VllmClient(new Uri(url, UriKind.RelativeOrAbsolute)));

        failure.Message.ShouldContain("BaseUrl");
    }

    [Theory]
    [InlineData("BaseUrl")]
    [InlineData("ConnectTimeout")]
    [InlineData("MaxRetries")]
    [InlineData("MaxConcurrentRequests")]
    [InlineData("MaxConnectionsPerServer")]
    [InlineData("DefaultModel")]
    public void All_problems_of_the_options_are_told_at_once(string named)
    {
        var options = new VllmClientOptions
        {
            BaseUrl = new("ftp://gpu"),
            ConnectTimeout = TimeSpan.Zero,
            MaxRetries = 11,
            MaxConcurrentRequests = 0,
            MaxConnectionsPerServer = -1,
            DefaultModel = " ",
        };

        Should.Throw<ArgumentException>(() => new VllmClient(options)).Message.ShouldContain(named);
    }

    [Fact]
    public async Task Options_are_copied_when_the_client_is_made()
    {
        VllmClientOptions? mine = null;
        using var client = _handler.Client(options =>
        {
            options.DefaultModel = "before";
            mine = options;
        });

        mine!.DefaultModel = "after";
        mine.DefaultHeaders["X-Late"] = "1";
        await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        _handler.Request.Json["model"]!.GetValue<string>().ShouldBe("before");
        _handler.Request.Headers.ContainsKey("X-Late").ShouldBeFalse();
    }
}
