using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>What is refused before anything is sent, with a message that names the property.</summary>
public class EndpointInputTests
{
    static readonly Dictionary<string, Func<VllmClient, Task>> Calls = new()
    {
        ["Model is blank"] = client => client.EmbedAsync(new() { Model = " ", Input = "x" }),
        ["Input and Messages are null"] = client => client.EmbedAsync(new EmbeddingRequest()),
        ["Input and Messages exclude"] = client => client.PoolAsync(new() { Input = "x", Messages = ["y"] }),
        ["Messages is empty"] = client => client.ClassifyAsync(new() { Messages = [] }),
        ["Input[1] is null"] = client => client.ClassifyAsync(new() { Input = new[] { "a", null! } }),
        ["ContinueFinalMessage and AddGenerationPrompt"] = client => client.EmbedAsync(new() { Messages = ["x"], ContinueFinalMessage = true, AddGenerationPrompt = true }),
        ["Query is null"] = client => client.RerankAsync(new() { Query = null!, Documents = ["a"] }),
        ["Documents is null"] = client => client.RerankAsync(new() { Query = "q", Documents = null! }),
        ["Documents[0] is null"] = client => client.ScoreAsync(new() { Queries = ["q"], Documents = [null!] }),
        ["Queries is null"] = client => client.ScoreAsync(new() { Queries = null!, Documents = ["a"] }),
        ["Prompt and Messages are null"] = client => client.TokenizeAsync(new TokenizeRequest()),
        ["Prompt and Messages exclude"] = client => client.TokenizeAsync(new() { Prompt = "a", Messages = ["b"] }),
        ["Messages[0] is null"] = client => client.TokenizeAsync(new() { Messages = [null!] }),
        ["Tokens is null"] = client => client.DetokenizeAsync(new() { Tokens = null! }),
        ["Audio is empty"] = client => client.TranscribeAsync(new() { Audio = default }),
        ["FileName is blank"] = client => client.TranscribeAsync(new() { Audio = new byte[] { 1 }, FileName = "" }),
        ["Temperature is NaN"] = client => client.TranscribeAsync(new() { Audio = new byte[] { 1 }, Temperature = double.NaN }),
        ["ExtraBody must not set 'stream'"] = client => client.TranscribeAsync(new() { Audio = new byte[] { 1 }, ExtraBody = new() { ["stream"] = true } }),
        ["ExtraBody must not set 'file'"] = client => client.TranscribeAsync(new() { Audio = new byte[] { 1 }, ExtraBody = new() { ["file"] = "x" } }),
    };

    public static TheoryData<string> Problems => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Bad_input_is_said_at_once(string problem)
    {
        var handler = new ScriptedHandler();
        using var client = handler.Client();

        var failure = Should.Throw<ArgumentException>(() => { _ = Calls[problem](client); });

        failure.Message.ShouldStartWith(problem);
        failure.ParamName.ShouldBe("request");
        handler.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_request_is_named()
    {
        using var client = new ScriptedHandler().Client();

        Should.Throw<ArgumentNullException>(() => { _ = client.EmbedAsync(null!); });
        Should.Throw<ArgumentNullException>(() => { _ = client.TranscribeAsync(null!); });
    }

    [Fact]
    public void Options_are_checked()
    {
        using var client = new ScriptedHandler().Client();

        Should.Throw<ArgumentException>(() => { _ = client.EmbedAsync("x", new() { MaxRetries = 11 }); }).ParamName.ShouldBe("options");
        Should.Throw<ArgumentException>(() => { _ = client.SendAsync(HttpMethod.Get, "/x", null, new() { RequestId = "" }); }).ParamName.ShouldBe("options");
    }

    [Fact]
    public void A_disposed_client_says_so()
    {
        var client = new ScriptedHandler().Client();
        client.Dispose();

        Should.Throw<ObjectDisposedException>(() => { _ = client.EmbedAsync("x"); });
        Should.Throw<ObjectDisposedException>(() => client.SendStreamAsync("/x", new System.Text.Json.Nodes.JsonObject()));
    }

    [Fact]
    public void Nothing_that_is_asked_shows_in_the_text_of_a_request()
    {
        foreach (var text in new object[]
        {
            (EmbeddingRequest)"secret", (PoolingRequest)"secret", (ClassifyRequest)"secret", (TokenizeRequest)"secret", (PoolingInput)"secret",
            new RerankRequest { Query = "secret", Documents = ["secret"] }, new ScoreRequest { Queries = ["secret"], Documents = ["secret"] },
            new DetokenizeRequest { Tokens = [1] }, new TranscriptionRequest { Audio = new byte[] { 1 }, Prompt = "secret" },
        })
        {
            text.ToString().ShouldBe(text.GetType().Name);
        }
    }
}
