using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the whole answer of one endpoint: what all answers share here, the rest in the derived readers. One object per answer.</summary>
abstract class EndpointReader<TResult>
{
    Dictionary<string, JsonElement>? _additional;
    Usage? _usage;

    internal string? Id { get; private set; }

    internal string? Model { get; private set; }

    internal Usage? Usage => Usage.Known(_usage, HasAnswer);

    internal ServerError? Error { get; private set; }

    /// <summary>Whether the member was there that makes the object an answer of this endpoint.</summary>
    internal bool HasAnswer { get; private protected set; }

    protected DateTimeOffset? Created { get; private set; }

    protected IReadOnlyDictionary<string, JsonElement> Additional => _additional!;

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="JsonException">The body is not what this endpoint answers.</exception>
    internal void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The answer is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) Shared(ref reader);
        if (reader.Read()) throw new JsonException("Something follows the JSON object.");
    }

    /// <summary>Reads a body that is not JSON, for endpoints that know another form.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its media type; null if there is none.</param>
    /// <param name="metadata">The header that describes a body of bytes; null if there is none.</param>
    /// <returns>Whether it was read.</returns>
    internal virtual bool TryReadOther(ReadOnlySpan<byte> body, string? contentType, string? metadata) => false;

    internal abstract TResult Result(CallInfo info);

    /// <summary>Reads the value behind a name, if the endpoint knows the name.</summary>
    private protected abstract bool Member(ref Utf8JsonReader reader);

    /// <summary>Steps through the objects of a list, the reader standing on its name. False at the end, or if there is no list.</summary>
    private protected static bool NextItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName && !Json.Opens(ref reader, JsonTokenType.StartArray)) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) return true;
            reader.Skip();
        }

        return false;
    }

    /// <summary>Whether a member of an object follows, the reader standing before it.</summary>
    private protected static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    void Shared(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8)) Id = Json.String(ref reader);
        else if (reader.ValueTextEquals("object"u8)) Json.Skip(ref reader);
        else if (reader.ValueTextEquals("created"u8)) Created = Json.Time(ref reader);
        else if (reader.ValueTextEquals("model"u8)) Model = Json.String(ref reader);
        else if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
        else if (reader.ValueTextEquals("error"u8)) Error = ErrorReader.Value(ref reader);
        else if (!Member(ref reader)) Keep(ref reader);
    }

    private protected virtual void ReadUsage(ref Utf8JsonReader reader) => SetUsage(UsageReader.Usage(ref reader));

    private protected void SetUsage(Usage? usage) => _usage = usage;

    void Keep(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        reader.Read();
        (_additional ??= new(StringComparer.Ordinal))[name] = JsonElement.ParseValue(ref reader);
    }
}
