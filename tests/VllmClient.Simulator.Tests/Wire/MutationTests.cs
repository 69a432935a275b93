using System.Text;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Wire;

public sealed class MutationTests
{
    [Fact]
    public void Mutated_requests_all_get_an_answer()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(SimulatorOptions.Instant, time);
        using var client = server.Client();
        var random = new Random(11);
        string[] names = ["chat-basic", "chat-stream-stop-string", "chat-content-parts", "completion-batch-n2", "completion-token-prompt", "tokenize-messages", "detokenize", "error-lone-surrogate"];
        var statuses = new Dictionary<int, int>();

        for (var i = 0; i < 4000; i++)
        {
            var recording = Recording.Load(names[i % names.Length]);
            var path = Encoding.ASCII.GetString(recording.Request).Split(' ')[1];
            var body = Mutate(recording.RequestBody, random);
            var status = time.Run(() => SendAsync(client, path, body));
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        statuses.Keys.ShouldBeSubsetOf([200, 400, 404]);
        statuses[200].ShouldBeGreaterThan(100);
        statuses[400].ShouldBeGreaterThan(1000);
    }

    static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\"tiny\"", "\"sim-8b\"", StringComparison.Ordinal)));
        string[] pieces = ["\"", "{", "}", "[", "]", ",", "null", "-1", "1e99", "\\ud800", "true", "\uFFFF", "999999999999", "\"n\":", "\\u0000"];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])); break;
                default: bytes[at] = (byte)"0123456789\"{}[],:"[random.Next(17)]; break;
            }
        }

        return [.. bytes];
    }

    static async Task<int> SendAsync(HttpClient client, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await client.PostAsync(path, content);
        await response.Content.ReadAsByteArrayAsync();
        return (int)response.StatusCode;
    }
}
