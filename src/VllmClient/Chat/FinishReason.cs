using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vllm;

/// <summary>Why a choice ended. An open set: a word this version does not know is kept as it came.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct FinishReason
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The server's word.</param>
    public FinishReason(string value) => Value = value;

    /// <summary>The server's word. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>An end token or a stop string was generated.</summary>
    public static FinishReason Stop { get; } = new("stop");

    /// <summary>The token limit was reached.</summary>
    public static FinishReason Length { get; } = new("length");

    /// <summary>The model called tools.</summary>
    public static FinishReason ToolCalls { get; } = new("tool_calls");

    /// <summary>The server stopped and gave the answer up. The client reports this as an exception, never as a result.</summary>
    public static FinishReason Abort { get; } = new("abort");

    /// <summary>A repeating pattern was detected.</summary>
    public static FinishReason Repetition { get; } = new("repetition");

    /// <summary>Returns the server's word.</summary>
    public override string ToString() => Value ?? "";

    /// <summary>Reads and writes the word as a JSON string.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<FinishReason>
    {
        /// <inheritdoc/>
        public override FinishReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, FinishReason value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Value);
        }
    }
}
