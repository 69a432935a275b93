using System.Net;
using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Whatever bytes come, each kind of call ends in an answer or in an exception of the family.</summary>
public class EndpointMutationTests
{
    const string Classes = """{"id":"c","created":1,"model":"m","data":[{"index":0,"label":"a","probs":[0.25,0.75],"num_classes":2}],"usage":{"prompt_tokens":12,"total_tokens":12}}""";

    const string Speech = """{"text":"Hi","language":"en","duration":"1.5","segments":[{"id":0,"start":0.0,"end":1.25,"text":" Hi","tokens":[1,2],"avg_logprob":-0.5}],"words":[{"word":"Hi","start":0.25,"end":0.5}],"usage":{"type":"duration","seconds":2}}""";

    static readonly byte[] Metadata = Encoding.UTF8.GetBytes("""{"id":"e","created":1,"model":"m","data":[{"index":0,"embed_dtype":"float16","endianness":"little","start":0,"end":4,"shape":[2]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""");

    readonly Random _random = new(20261124);

    public static TheoryData<string> Kinds => [.. Calls.Keys];

    static Dictionary<string, (byte[] Body, Func<VllmClient, Task> Call)> Calls { get; } = new()
    {
        ["embeddings-base64"] = (Start("embeddings-base64"), client => client.EmbedAsync("x")),
        ["embeddings-float"] = (Encoding.UTF8.GetBytes("""{"id":"e","data":[{"index":0,"embedding":[0.5,-1e-3,null]}],"usage":{"prompt_tokens":1}}"""), client => client.EmbedAsync("x")),
        ["pooling"] = (Encoding.UTF8.GetBytes("""{"data":[{"index":0,"data":[[1,2],[3,4]]},{"data":"AACAPw=="}]}"""), client => client.PoolAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Base64 })),
        ["rerank"] = (Recording.Load("rerank").Body, client => client.RerankAsync(new() { Query = "q", Documents = ["d"] })),
        ["score"] = (Recording.Load("score-pairs").Body, client => client.ScoreAsync(new() { Queries = ["q"], Documents = ["d"] })),
        ["classify"] = (Encoding.UTF8.GetBytes(Classes), client => client.ClassifyAsync("x")),
        ["transcription"] = (Encoding.UTF8.GetBytes(Speech), client => client.TranscribeAsync(new() { Audio = new byte[] { 1 } })),
        ["tokenize"] = (Recording.Load("tokenize-prompt").Body, client => client.TokenizeAsync("x")),
        ["detokenize"] = (Recording.Load("detokenize").Body, client => client.DetokenizeAsync(new() { Tokens = [1] })),
        ["send"] = (Recording.Load("chat-batch").Body, client => client.SendAsync(HttpMethod.Get, "/x", null)),
        ["models"] = (Recording.Load("models-with-lora").Body, client => client.ListModelsAsync()),
        ["version"] = (Recording.Load("version").Body, client => client.Server.GetVersionAsync()),
        ["load"] = (Recording.Load("load-busy").Body, client => client.Server.GetLoadAsync()),
        ["is-sleeping"] = (Recording.Load("is-sleeping").Body, client => client.Server.IsSleepingAsync()),
        ["reset"] = (Recording.Load("reset-prefix-cache").Body, client => client.Server.ResetPrefixCacheAsync()),
        ["tokenizer-info"] = (Recording.Load("tokenizer-info").Body, client => client.Server.GetTokenizerInfoAsync()),
        ["chat"] = (Recording.Load("chat-basic").Body, client => client.ChatAsync("x")),
        ["completion"] = (Recording.Load("completion-basic").Body, client => client.CompleteAsync("x")),
        ["error"] = (Recording.Load("embeddings-model-404").Body, client => client.EmbedAsync("x")),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_thousand_mutated_bodies(string kind)
    {
        var (original, call) = Calls[kind];
        byte[] body = [];
        using var client = new ScriptedHandler().Answers(() =>
        {
            var response = new HttpResponseMessage(kind == "error" ? HttpStatusCode.NotFound : HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
            if (_random.Next(10) > 0) response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
            return response;
        }).Client(options => options.MaxRetries = 0);

        for (var i = 0; i < 1000; i++)
        {
            body = Mutate(original);
            await EndsAsync(() => call(client));
        }
    }

    [Fact]
    public async Task A_thousand_mutated_headers_of_bytes()
    {
        byte[] metadata = [];
        using var client = new ScriptedHandler().Answers(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([0, 60, 0, 64]) };
            response.Content.Headers.TryAddWithoutValidation("content-type", "application/octet-stream");
            response.Headers.TryAddWithoutValidation("metadata", Encoding.Latin1.GetString(metadata).Replace('\n', ' ').Replace('\r', ' '));
            return response;
        }).Client();

        for (var i = 0; i < 1000; i++)
        {
            metadata = Mutate(Metadata);
            await EndsAsync(() => client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));
            await EndsAsync(() => client.PoolAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));
        }
    }

    [Fact]
    public async Task A_thousand_mutated_streams()
    {
        var original = Recording.Load("generate-stream").Body;
        byte[] body = [];
        using var client = new ScriptedHandler().Streams(() => TrickleStream.SplitAt(body, _random.Next(body.Length))).Client();

        for (var i = 0; i < 1000; i++)
        {
            body = Mutate(original);
            await EndsAsync(async () =>
            {
                await foreach (var one in client.SendStreamAsync("/x", new System.Text.Json.Nodes.JsonObject())) one.ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Undefined);
            });
        }
    }

    static async Task EndsAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (VllmException)
        {
            // The one allowed kind of failure.
        }
    }

    static byte[] Start(string name)
    {
        var body = Encoding.UTF8.GetString(Recording.Load(name).Body);
        return Encoding.UTF8.GetBytes(body.Replace(body.Split("\"embedding\":\"")[1].Split('"')[0], "AACAPwAAAEA=", StringComparison.Ordinal)[..200] + "\"}]}");
    }

    byte[] Mutate(byte[] original)
    {
        var bytes = new List<byte>(original);
        for (var changes = _random.Next(1, 6); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(6))
            {
                case 0: bytes[at] = (byte)_random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(_random.Next(1, 40), bytes.Count - at)); break;
                case 2: bytes.Insert(at, (byte)_random.Next(256)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 60), bytes.Count - at))); break;
                case 4: bytes.InsertRange(at, "\\ud800"u8.ToArray()); break;
                default: bytes[at] = (byte)"{}[]\":,0-e\\\n\r n"[_random.Next(15)]; break;
            }
        }

        return [.. bytes];
    }
}
