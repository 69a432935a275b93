using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Vllm;

/// <summary>A function that the model may call.</summary>
public sealed record ChatTool
{
    ChatTool() { }

    /// <summary>The function's name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>What the function does, for the model to read; null is not sent.</summary>
    public string? Description { get; private init; }

    /// <summary>JSON schema of the arguments; null for a function without any.</summary>
    public JsonElement? Parameters { get; private init; }

    /// <summary>Whether the server must hold arguments to the schema; null is not sent.</summary>
    public bool? Strict { get; init; }

    /// <summary>Describes a function by its schema.</summary>
    /// <param name="name">The function's name, not blank.</param>
    /// <param name="description">What it does, for the model to read.</param>
    /// <param name="parameters">JSON schema of its arguments: an object. Left out, the function takes none.</param>
    /// <exception cref="ArgumentException">The name is blank, or the schema is no JSON object.</exception>
    public static ChatTool Function(string name, string? description = null, JsonElement parameters = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (parameters.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
            throw new ArgumentException($"The parameters of '{name}' are {parameters.ValueKind}; a JSON schema is an object.", nameof(parameters));
        return new() { Name = name, Description = description, Parameters = parameters.ValueKind == JsonValueKind.Undefined ? null : parameters.Clone() };
    }

    /// <summary>Describes a function by the type of its arguments.</summary>
    /// <typeparam name="TArgs">The type that <see cref="ToolCall.TryGetArguments"/> will read; an object with one property per argument.</typeparam>
    /// <param name="name">The function's name, not blank.</param>
    /// <param name="description">What it does, for the model to read.</param>
    /// <param name="arguments">Source-generated type information.</param>
    /// <exception cref="ArgumentException">The name is blank, or the type is no JSON object.</exception>
    public static ChatTool Function<TArgs>(string name, string? description, JsonTypeInfo<TArgs> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Kind != JsonTypeInfoKind.Object)
            throw new ArgumentException($"{typeof(TArgs).Name} is no JSON object. The arguments of a function are an object with one property each.", nameof(arguments));
        return Function(name, description, JsonSchemas.Of(arguments));
    }

    /// <summary>Takes over a function described for Microsoft.Extensions.AI.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="declaration"/> is null.</exception>
    public static ChatTool From(AIFunctionDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        var tool = Function(declaration.Name, string.IsNullOrEmpty(declaration.Description) ? null : declaration.Description, declaration.JsonSchema);
        return declaration.AdditionalProperties.TryGetValue("strict", out var strict) && strict is bool held ? tool with { Strict = held } : tool;
    }
}
