using System.Text;
using Vllm.Simulator;

namespace Vllm.Tests;

/// <summary>What came back of a request, and when each read returned.</summary>
public sealed record Answer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body, IReadOnlyList<(TimeSpan At, string Text)> Reads)
{
    public IReadOnlyList<string> Events => [.. Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];
}

/// <summary>Sends requests the way any HTTP client does, without help from the SDK under test elsewhere.</summary>
public static class Ask
{
    public static HttpClient Client(this VllmSimulator server) =>
        new(server.CreateHandler()) { BaseAddress = new Uri("http://vllm.example"), Timeout = Timeout.InfiniteTimeSpan };

    public static HttpRequestMessage Message(string path, string? json, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (json is not null)
        {
            message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }

    public static Task<Answer> PostAsync(HttpClient client, string path, string json, TimeProvider? time = null, params (string Name, string Value)[] headers) =>
        SendAsync(client, Message(path, json, headers), time);

    public static Task<Answer> GetAsync(HttpClient client, string path) => SendAsync(client, Message(path, null), null);

    public static async Task<Answer> SendAsync(HttpClient client, HttpRequestMessage message, TimeProvider? time)
    {
        using (message)
        {
            var start = time?.GetTimestamp() ?? 0;
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            using var stream = await response.Content.ReadAsStreamAsync();
            var body = new MemoryStream();
            var reads = new List<(TimeSpan, string)>();
            var buffer = new byte[64 * 1024];
            for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
            {
                body.Write(buffer, 0, count);
                reads.Add((time?.GetElapsedTime(start) ?? TimeSpan.Zero, Encoding.UTF8.GetString(buffer, 0, count)));
            }

            var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .Select(header => new KeyValuePair<string, string>(header.Key.ToLowerInvariant(), header.Value.ToString()));
            return new Answer((int)response.StatusCode, [.. headers], Encoding.UTF8.GetString(body.ToArray()), reads);
        }
    }

    public static string Chat(int maxTokens, bool stream = true, string more = "") =>
        $$"""{"messages":[{"role":"user","content":"Hello"}],"ignore_eos":true,"max_tokens":{{maxTokens}},"stream":{{(stream ? "true" : "false")}}{{more}}}""";
}
