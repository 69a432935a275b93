using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>The form of the output, in the words of OpenAI's API. <see cref="StructuredOutput"/> is vLLM's own and can do more.</summary>
public sealed record ResponseFormat
{
    const int LongestName = 64;

    ResponseFormat(JsonObject json) => Value = json;

    /// <summary>Free text.</summary>
    public static ResponseFormat Text { get; } = new(new System.Text.Json.Nodes.JsonObject { ["type"] = "text" });

    /// <summary>Any JSON object.</summary>
    public static ResponseFormat JsonObject { get; } = new(new System.Text.Json.Nodes.JsonObject { ["type"] = "json_object" });

    internal JsonObject Value { get; }

    /// <summary>JSON that satisfies a schema.</summary>
    /// <param name="name">A name for the schema. Characters other than letters, digits, <c>_</c> and <c>-</c> become <c>_</c>, and it is cut to 64 characters.</param>
    /// <param name="schema">The JSON schema, an object.</param>
    /// <param name="description">What the schema is for; null is not sent.</param>
    /// <param name="strict">Whether the output is held to the schema; null is not sent.</param>
    /// <exception cref="ArgumentException">The name is blank, or the schema is no JSON object.</exception>
    public static ResponseFormat JsonSchema(string name, JsonElement schema, string? description = null, bool? strict = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (schema.ValueKind != JsonValueKind.Object) throw new ArgumentException($"The schema is {schema.ValueKind}; a JSON schema is an object.", nameof(schema));
        var described = new JsonObject { ["name"] = Reduce(name) };
        if (description is not null) described["description"] = description;
        described["schema"] = System.Text.Json.Nodes.JsonObject.Create(schema.Clone());
        if (strict is not null) described["strict"] = strict;
        return new(new System.Text.Json.Nodes.JsonObject { ["type"] = "json_schema", ["json_schema"] = described });
    }

    /// <summary>JSON of a .NET type.</summary>
    /// <typeparam name="T">The type that the output will be read as; its name becomes the schema's.</typeparam>
    /// <param name="type">Source-generated type information.</param>
    public static ResponseFormat JsonSchema<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return JsonSchema(typeof(T).Name, JsonSchemas.Of(type));
    }

    /// <summary>Free text with constrained sections between tags.</summary>
    /// <param name="format">The member <c>format</c>, as the server's backend describes it.</param>
    public static ResponseFormat StructuralTag(JsonNode format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new(new System.Text.Json.Nodes.JsonObject { ["type"] = "structural_tag", ["format"] = format.DeepClone() });
    }

    /// <summary>Names the kind only.</summary>
    public override string ToString() => $"ResponseFormat({Value["type"]})";

    static string Reduce(string name) =>
        string.Concat(name.Take(LongestName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));
}
