using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vllm;

/// <summary>What becomes of running requests when a server goes to sleep. An open set: any other word is sent as it is.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct SleepMode
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The server's word.</param>
    public SleepMode(string value) => Value = value;

    /// <summary>The server's word. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>They are given up.</summary>
    public static SleepMode Abort { get; } = new("abort");

    /// <summary>They are served first.</summary>
    public static SleepMode Wait { get; } = new("wait");

    /// <summary>They stay, and go on when the server wakes up.</summary>
    public static SleepMode Keep { get; } = new("keep");

    /// <summary>Returns the server's word.</summary>
    public override string ToString() => Value ?? "";

    /// <summary>Reads and writes the word as a JSON string.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<SleepMode>
    {
        /// <inheritdoc/>
        public override SleepMode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, SleepMode value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Value);
        }
    }
}
