using System.Text;
using System.Text.Json.Nodes;

namespace Vllm.Testing;

/// <summary>A request as a scripted peer received it.</summary>
public sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, int Connection)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
