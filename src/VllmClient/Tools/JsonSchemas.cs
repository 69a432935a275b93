using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>Describes .NET types as the JSON schemas by which servers constrain output.</summary>
static class JsonSchemas
{
    static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = static (context, schema) =>
        {
            // Without this a model may add members of its own; dictionaries keep their schema of additional members.
            if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema is JsonObject node && !node.ContainsKey("additionalProperties") && node.ContainsKey("type"))
                node["additionalProperties"] = false;
            return schema;
        },
    };

    internal static JsonElement Of(JsonTypeInfo type)
    {
        var schema = type.GetJsonSchemaAsNode(Options);
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
