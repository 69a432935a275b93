using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>Writes members that have a value and that <c>ExtraBody</c> does not replace.</summary>
sealed class BodyWriter(Utf8JsonWriter json, JsonObject? extra, List<string>? overridden)
{
    internal Utf8JsonWriter Json => json;

    internal bool Begins(string name, bool hasValue)
    {
        if (!hasValue) return false;
        if (extra?.ContainsKey(name) ?? false)
        {
            overridden?.Add(name);
            return false;
        }

        json.WritePropertyName(name);
        return true;
    }

    internal void String(string name, string? value)
    {
        if (Begins(name, value is not null)) json.WriteStringValue(value);
    }

    internal void Integer(string name, long? value)
    {
        if (Begins(name, value is not null)) json.WriteNumberValue(value!.Value);
    }

    internal void Number(string name, double? value)
    {
        if (Begins(name, value is not null)) json.WriteNumberValue(value!.Value);
    }

    internal void Boolean(string name, bool? value)
    {
        if (Begins(name, value is not null)) json.WriteBooleanValue(value!.Value);
    }

    internal void Strings(string name, IReadOnlyList<string>? values)
    {
        if (!Begins(name, values is not null)) return;
        json.WriteStartArray();
        foreach (var value in values!) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    internal void Integers(string name, IReadOnlyList<int>? values)
    {
        if (Begins(name, values is not null)) IntegerList(values!);
    }

    internal void IntegerList(IReadOnlyList<int> values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    internal void Numbers(string name, IReadOnlyDictionary<string, double>? values)
    {
        if (!Begins(name, values is not null)) return;
        json.WriteStartObject();
        foreach (var (key, value) in values!) json.WriteNumber(key, value);
        json.WriteEndObject();
    }

    internal void Node(string name, JsonNode? value)
    {
        if (Begins(name, value is not null)) value!.WriteTo(json);
    }

    internal void Object(string name, bool includeUsage, bool? continuousUsage)
    {
        if (!Begins(name, true)) return;
        json.WriteStartObject();
        json.WriteBoolean("include_usage", includeUsage);
        if (continuousUsage is { } continuous) json.WriteBoolean("continuous_usage_stats", continuous);
        json.WriteEndObject();
    }

    internal void Extra()
    {
        if (extra is null) return;
        foreach (var (name, value) in extra)
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
    }
}
