using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Tests.AotSmoke;

/// <summary>Everything but chats and completions: the simulator's own endpoints, and answers in memory for what it does not serve.</summary>
static class EndpointsPart
{
    static readonly Dictionary<string, string> Answers = new()
    {
        ["/v1/embeddings"] = """{"model":"m","data":[{"index":0,"embedding":"AACAPwAAAEA="}],"usage":{"prompt_tokens":1,"total_tokens":1}}""",
        ["/rerank"] = """{"results":[{"index":1,"relevance_score":0.5,"document":{"text":"b"}}]}""",
        ["/score"] = """{"data":[{"index":0,"score":0.25}]}""",
        ["/classify"] = """{"data":[{"index":0,"label":"a","probs":[0.25,0.75],"num_classes":2}]}""",
        ["/pooling"] = """{"data":[{"index":0,"data":[[1,2],[3,4]]}]}""",
        ["/v1/audio/transcriptions"] = """{"text":"Hello","segments":[{"id":0,"start":0,"end":1,"text":"Hello"}]}""",
        ["/v1/audio/translations"] = """{"text":"Hello"}""",
        ["/v1/load_lora_adapter"] = "Success.",
        ["/v1/unload_lora_adapter"] = "Success.",
        ["/is_sleeping"] = """{"is_sleeping":true}""",
        ["/reset_prefix_cache"] = """{"success":true}""",
        ["/server_info"] = """{"vllm_config":{}}""",
        ["/tokenizer_info"] = """{"model_max_length":1000000000000000019884624838656}""",
        ["/sleep"] = "",
        ["/wake_up"] = "",
    };

    internal static async Task RunAsync(IVllmClient simulated)
    {
        var tokens = await simulated.TokenizeAsync("Hello world");
        Require(tokens.Count == tokens.Tokens.Count && tokens.Count > 0, "a text has tokens");
        Require((await simulated.DetokenizeAsync(new() { Tokens = tokens.Tokens })).Text.Length > 0, "tokens have a text");
        Require(await simulated.Server.GetLoadAsync() is not null, "a server tells its load");
        Require((await simulated.SendAsync(HttpMethod.Get, "/version", null)).GetProperty("version").GetString()!.Length > 0, "any path answers");
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hi" }), ["max_tokens"] = 4 };
        var events = 0;
        await foreach (var one in simulated.SendStreamAsync("/v1/chat/completions", body)) events += one.ValueKind == JsonValueKind.Object ? 1 : 0;
        Require(events > 4, "any path streams");

        using var http = new HttpClient(new Canned()) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new VllmClientOptions());
        await InferAsync(client);
        await AdministerAsync(client.Server);
    }

    static async Task InferAsync(VllmClient client)
    {
        Require((await client.EmbedAsync(new() { Input = new[] { "a" }, EmbedDType = VectorNumberType.F32, Endianness = VectorByteOrder.Little })).Data[0].Vector.Span[1] == 2, "a text has a vector");
        Require((await client.RerankAsync(new() { Query = "q", Documents = ["a", "b"], TopN = 1 })).Results[0].Text == "b", "documents are ranked");
        Require((await client.ScoreAsync(new() { Queries = ["a"], Documents = ["b"] })).Data[0].Score == 0.25, "pairs have scores");
        Require((await client.ClassifyAsync("a")).Data[0].Label == "a", "texts have classes");
        Require((await client.PoolAsync("a")).Data[0].Shape is [2, 2], "the last layer answers");
        var request = new TranscriptionRequest { Audio = new byte[] { 1 }, ResponseFormat = "verbose_json", ExtraBody = new() { ["a"] = new JsonArray(1, "b"), ["c"] = new JsonObject { ["d"] = true } } };
        Require((await client.TranscribeAsync(request)).Segments[0].End == TimeSpan.FromSeconds(1), "speech has a text");
        Require((await client.TranscribeAsync(request with { Translate = true })).Text == "Hello", "speech is translated");
    }

    static async Task AdministerAsync(IVllmServer server)
    {
        await server.LoadLoraAsync("a", "p", loadInPlace: true);
        await server.UnloadLoraAsync("a");
        await server.SleepAsync(1, SleepMode.Keep);
        await server.WakeUpAsync(["weights"]);
        Require(await server.IsSleepingAsync(), "an engine sleeps");
        Require(await server.ResetPrefixCacheAsync() == true, "a cache is emptied");
        Require((await server.GetServerInfoAsync()).TryGetProperty("vllm_config", out _), "a server tells its configuration");
        Require((await server.GetTokenizerInfoAsync()).GetProperty("model_max_length").GetRawText().Length == 31, "a tokenizer tells its settings");
    }

    static void Require(bool condition, string what)
    {
        if (!condition) throw new InvalidOperationException($"Not so: {what}.");
    }

    sealed class Canned : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = Answers[request.RequestUri!.AbsolutePath];
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer)) };
            if (answer.StartsWith('{')) response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
            return Task.FromResult(response);
        }
    }
}
