using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Makes members of a request body of additional properties.</summary>
static class JsonMapping
{
    /// <summary>The members of a body that the caller gave, and those of the additional properties that it lacks; what was given stays as it is.</summary>
    internal static JsonObject? Extra(JsonObject? given, AI.AdditionalPropertiesDictionary? properties)
    {
        if (properties is null or { Count: 0 }) return given;
        var extra = given?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in properties)
            if (!extra.ContainsKey(name)) extra[name] = Node(name, value);
        return extra;
    }

    static JsonNode? Node(string name, object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonNode node:
                return node.DeepClone();
            case IDictionary members:
                return new JsonObject(members.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", Node(name, members[key]))));
            case IEnumerable items and not string:
                return new JsonArray([.. items.Cast<object?>().Select(item => Node(name, item))]);
        }

        try
        {
            return JsonSerializer.SerializeToNode(value, AI.AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException($"AdditionalProperties[{name}] is a {value.GetType().Name}, of which no JSON can be made. Give a JsonNode.", nameof(value), error);
        }
    }
}
