using System.Text;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests;

/// <summary>Compares what the client sends with what was recorded.</summary>
static class RecordedRequests
{
    /// <summary>Same method, path and key, and the same JSON but for the members given.</summary>
    internal static void ShouldBeLike(this ReceivedRequest actual, string recording, string? path = null, params (string Name, JsonNode? Value)[] members)
    {
        var recorded = Recording.Load(recording);
        var line = Encoding.UTF8.GetString(recorded.Request).Split("\r\n")[0].Split(' ');
        actual.Method.ShouldBe(line[0]);
        actual.Path.ShouldBe(path ?? line[1]);
        if (recorded.RequestBody.Length == 0)
        {
            actual.Body.ShouldBeEmpty();
            return;
        }

        actual.Headers["Content-Type"].ShouldBe("application/json");
        var expected = JsonNode.Parse(recorded.RequestBody)!.AsObject();
        foreach (var (name, value) in members) expected[name] = value;
        JsonNode.DeepEquals(JsonNode.Parse(actual.Body), expected).ShouldBeTrue($"{actual.Text} is not {expected.ToJsonString()}");
    }
}
