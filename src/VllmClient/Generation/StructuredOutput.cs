using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>A constraint that the output must keep, whatever the model would like to write. Sent as <c>structured_outputs</c>; servers before 0.11 know only the older <c>guided_…</c> fields.</summary>
public sealed record StructuredOutput
{
    StructuredOutput(string kind, JsonNode value) => (Kind, Value) = (kind, value);

    /// <summary>The kind of constraint, as the server names it: <c>json</c>, <c>json_object</c>, <c>regex</c>, <c>choice</c>, <c>grammar</c> or <c>structural_tag</c>.</summary>
    public string Kind { get; }

    /// <summary>Whether white space between JSON tokens is forbidden. Server default: false.</summary>
    public bool? DisableAnyWhitespace { get; init; }

    /// <summary>Whether objects may have only the members that the schema names. Server default: false.</summary>
    public bool? DisableAdditionalProperties { get; init; }

    /// <summary>Regular expression of the white space allowed between JSON tokens; null is not sent.</summary>
    public string? WhitespacePattern { get; init; }

    internal JsonNode Value { get; }

    /// <summary>JSON that satisfies a schema.</summary>
    /// <param name="schema">The JSON schema, an object.</param>
    /// <exception cref="ArgumentException">The schema is no JSON object.</exception>
    public static StructuredOutput Json(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) throw new ArgumentException($"The schema is {schema.ValueKind}; a JSON schema is an object.", nameof(schema));
        return new("json", System.Text.Json.Nodes.JsonObject.Create(schema.Clone())!);
    }

    /// <summary>JSON of a .NET type.</summary>
    /// <typeparam name="T">The type that the output will be read as.</typeparam>
    /// <param name="type">Source-generated type information.</param>
    public static StructuredOutput Json<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Json(JsonSchemas.Of(type));
    }

    /// <summary>Any JSON object.</summary>
    public static StructuredOutput JsonObject() => new("json_object", JsonValue.Create(true));

    /// <summary>Text that matches a regular expression as a whole.</summary>
    public static StructuredOutput Regex(string pattern) => new("regex", Text(pattern));

    /// <summary>One of these texts.</summary>
    /// <exception cref="ArgumentException">There are no texts, or one of them is null.</exception>
    public static StructuredOutput Choice(params IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Count == 0) throw new ArgumentException("At least one choice is needed.", nameof(choices));
        return new("choice", new JsonArray([.. choices.Select(choice => (JsonNode)Text(choice))]));
    }

    /// <summary>Text of a context-free grammar, in the notation of the server's backend (EBNF or Lark).</summary>
    public static StructuredOutput Grammar(string grammar) => new("grammar", Text(grammar));

    /// <summary>Free text with constrained sections between tags.</summary>
    /// <param name="structure">The structural tag as JSON text, as the server's backend describes it.</param>
    public static StructuredOutput StructuralTag(string structure) => new("structural_tag", Text(structure));

    /// <summary>Names the kind only.</summary>
    public override string ToString() => $"StructuredOutput({Kind})";

    static JsonValue Text(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return JsonValue.Create(value);
    }
}
