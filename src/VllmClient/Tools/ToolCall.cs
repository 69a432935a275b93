using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>A tool call, complete.</summary>
public sealed record ToolCall
{
    /// <summary>The call's id; never empty: where the server sent none, the client made one.</summary>
    public string Id { get; init; } = "";

    /// <summary>The function's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The arguments as the model wrote them: usually a JSON object, but a model can write anything, and a token limit can cut it.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Reads the arguments as JSON. Bad JSON is data, not an exception.</summary>
    /// <typeparam name="T">The type of the arguments.</typeparam>
    /// <param name="typeInfo">Source-generated type information.</param>
    /// <param name="value">The arguments; default if they could not be read.</param>
    /// <param name="error">Why they could not be read; null on success.</param>
    /// <returns>Whether the arguments were read.</returns>
    public bool TryGetArguments<T>(JsonTypeInfo<T> typeInfo, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        value = default;
        try
        {
            value = JsonSerializer.Deserialize(Arguments, typeInfo);
            error = value is null ? "the arguments are null" : null;
            return value is not null;
        }
        catch (JsonException e)
        {
            error = $"the arguments of '{Name}' are not valid JSON for {typeof(T).Name} (line {e.LineNumber}, byte {e.BytePositionInLine})";
            return false;
        }
    }
}

/// <summary>One piece of a tool call in a stream.</summary>
public sealed record ToolCallDelta
{
    /// <summary>Position of the call among those of its choice; null if the server did not say.</summary>
    public int? Index { get; init; }

    /// <summary>The call's id; only in the first piece.</summary>
    public string? Id { get; init; }

    /// <summary>The function's name; only in the first piece.</summary>
    public string? Name { get; init; }

    /// <summary>The next piece of the arguments; null if this piece brings none.</summary>
    public string? Arguments { get; init; }
}
