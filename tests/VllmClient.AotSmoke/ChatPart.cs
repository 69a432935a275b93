using System.Text.Json.Serialization;

namespace Vllm.Tests.AotSmoke;

/// <summary>Everything that a chat can be asked, and every way to read its answer.</summary>
static partial class ChatPart
{
    internal static async Task RunAsync(VllmClient client)
    {
        ChatRequest request = new()
        {
            Messages = [ChatMessage.System("Be brief."), "What is the weather like?"],
            MaxTokens = 4,
            RepetitionDetection = new() { MaxPatternSize = 4 },
            ExtraBody = new() { ["mood"] = "good" },
        };
        var seen = 0;
        var result = await client.ChatStreamAsync(request).ToResultAsync(_ => seen++);
        Require(result.Usage?.CompletionTokens == 4 && seen > 0, "a stream becomes an answer");

        var demanding = request with
        {
            Tools = [ChatTool.Function("weather", "Looks outside.", SmokeTypes.Default.Weather)],
            ToolChoice = ToolChoice.Auto,
            StructuredOutput = StructuredOutput.Json(SmokeTypes.Default.Weather),
        };
        Require(await RefusesAsync(client, demanding), "the simulator refuses what it does not build");
        await TypedAsync(demanding);

        var look = request with { Messages = [ChatMessage.User("Look:", ImagePart.FromBytes(new byte[] { 1 }, "image/png"))] };
        Require(await RefusesAsync(client, look), "a model that sees nothing refuses an image");

        var text = "";
        await foreach (var piece in client.ChatStreamAsync(request.Continue(result, "Go on.")).TextAsync()) text += piece;
        Require(text.Length > 0, "a conversation goes on as text");

        var raw = 0;
        await foreach (var update in client.ChatStreamAsync(request, new VllmRequestOptions { CaptureRaw = true })) raw += update.Raw is null ? 0 : 1;
        Require(raw > 0, "events can be kept as they came");

        var call = new ToolCall { Id = "c", Name = "weather", Arguments = """{"City":"Paris"}""" };
        Require(call.TryGetArguments(SmokeTypes.Default.Weather, out var weather, out _) && weather.City == "Paris", "arguments are read in a type");

        var other = client.WithOptions(options => options.MaxRetries = 0);
        Require((await other.ChatAsync(new ChatRequest { Messages = ["Hello"], MaxTokens = 2 })).Text.Length > 0, "a client with other options answers");
    }

    static async Task TypedAsync(ChatRequest demanding)
    {
        using var http = new HttpClient(new Canned()) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new VllmClientOptions());
        Require((await client.ChatAsync(demanding)).ToolCalls[0].Name == "weather", "a tool is called");
        var typed = await client.ChatAsync(new ChatRequest { Messages = ["The weather in Paris?"] }, SmokeTypes.Default.Weather);
        Require(typed.TryGetValue(out var weather) && weather.City == "Paris", "an answer in a type is a value");
        var cut = await client.ChatAsync(new ChatRequest { Messages = ["The weather in Paris?"], MaxTokens = 1 }, SmokeTypes.Default.Weather);
        Require(!cut.TryGetValue(out _) && Throws(() => cut.Value), "an answer that is none of its type says why not");
    }

    static async Task<bool> RefusesAsync(VllmClient client, ChatRequest request)
    {
        try
        {
            await client.ChatAsync(request);
            return false;
        }
        catch (VllmValidationException)
        {
            return true;
        }
    }

    static bool Throws(Func<object> take)
    {
        try
        {
            take();
            return false;
        }
        catch (VllmOutputException)
        {
            return true;
        }
    }

    static void Require(bool condition, string what)
    {
        if (!condition) throw new InvalidOperationException($"Not so: {what}.");
    }

    /// <summary>Answers in memory for what the simulator does not build: a call if there are tools, else a type, cut after one token.</summary>
    sealed class Canned : HttpMessageHandler
    {
        const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"weather","arguments":"{}"}}]},"finish_reason":"tool_calls" """;
        const string Whole = """{"role":"assistant","content":"{\"City\":\"Paris\"}"},"finish_reason":"stop" """;
        const string Cut = """{"role":"assistant","content":"{"},"finish_reason":"length" """;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = await request.Content!.ReadAsStringAsync(cancellationToken);
            var message = asked.Contains("\"tools\"", StringComparison.Ordinal) ? Call : asked.Contains("max_completion_tokens", StringComparison.Ordinal) ? Cut : Whole;
            var body = $$"""{"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{{message}}}],"usage":null}""";
            return new() { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        }
    }
}

sealed record Weather(string City);

[JsonSerializable(typeof(Weather))]
sealed partial class SmokeTypes : JsonSerializerContext;
