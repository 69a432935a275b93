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
            Tools = [ChatTool.Function("weather", "Looks outside.", SmokeTypes.Default.Weather)],
            ToolChoice = ToolChoice.Auto,
            StructuredOutput = StructuredOutput.Json(SmokeTypes.Default.Weather),
            RepetitionDetection = new() { MaxPatternSize = 4 },
            ExtraBody = new() { ["mood"] = "good" },
        };
        var seen = 0;
        var result = await client.ChatStreamAsync(request).ToResultAsync(_ => seen++);
        Require(result.Usage?.CompletionTokens == 4 && seen > 0, "a stream becomes an answer");

        var look = request with { Messages = [ChatMessage.User("Look:", ImagePart.FromBytes(new byte[] { 1 }, "image/png"))] };
        Require(await RefusesAsync(client, look), "a model that sees nothing refuses an image");

        var text = "";
        await foreach (var piece in client.ChatStreamAsync(request.Continue(result, "Go on.")).TextAsync()) text += piece;
        Require(text.Length > 0, "a conversation goes on as text");

        var raw = 0;
        await foreach (var update in client.ChatStreamAsync(request, new VllmRequestOptions { CaptureRaw = true })) raw += update.Raw is null ? 0 : 1;
        Require(raw > 0, "events can be kept as they came");

        var typed = await client.ChatAsync(new ChatRequest { Messages = ["The weather in Paris?"], MaxTokens = 4 }, SmokeTypes.Default.Weather);
        Require(typed.TryGetValue(out _) || Throws(() => typed.Value), "an answer in a type is a value or says why not");

        var call = new ToolCall { Id = "c", Name = "weather", Arguments = """{"City":"Paris"}""" };
        Require(call.TryGetArguments(SmokeTypes.Default.Weather, out var weather, out _) && weather.City == "Paris", "arguments are read in a type");

        var other = client.WithOptions(options => options.MaxRetries = 0);
        Require((await other.ChatAsync(new ChatRequest { Messages = ["Hello"], MaxTokens = 2 })).Text.Length > 0, "a client with other options answers");
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
}

sealed record Weather(string City);

[JsonSerializable(typeof(Weather))]
sealed partial class SmokeTypes : JsonSerializerContext;
