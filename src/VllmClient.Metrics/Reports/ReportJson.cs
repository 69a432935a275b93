using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Reports;

/// <summary>Writes and reads the versioned JSON report.</summary>
static class ReportJson
{
    const string Schema = "vllm-load/";
    const int Major = 1;

    public static readonly JsonTypeInfo<LoadReport> Indented = Configure(indented: true);
    static readonly JsonTypeInfo<LoadReport> Compact = Configure(indented: false);

    public static void Write(Stream stream, LoadReport report, JsonReportOptions? options)
    {
        var settings = options ?? new();
        var written = settings.Turns ? report : report with { Turns = null };
        JsonSerializer.Serialize(stream, written, settings.Indented ? Indented : Compact);
    }

    public static Task WriteAsync(Stream stream, LoadReport report, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(stream, report with { Turns = null }, Indented, cancellationToken);

    public static LoadReport Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Read(copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    public static LoadReport Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        try
        {
            CheckSchema(bytes);
            return JsonSerializer.Deserialize(bytes, Compact) ?? throw new FormatException("The load report is null; an object was expected at $.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The load report cannot be read at {DisplayText.Clean(e.Path ?? "$", 200)} (line {NumberText.Plain((e.LineNumber ?? 0) + 1)}).", e);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            // The serializer's answers to a phase or objective without its kind, and to bytes that are no UTF-8.
            throw new FormatException($"The load report cannot be read: {DisplayText.Clean(e.Message, 300)}", e);
        }
    }

    /// <summary>First of all, so that a file of a newer version says so instead of failing on what it renamed.</summary>
    static void CheckSchema(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("This is no load report: an object was expected at $.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("schema"u8);
            reader.Read();
            if (!found)
            {
                reader.Skip();
                continue;
            }

            CheckSchema(reader.TokenType == JsonTokenType.String ? reader.GetString()! : "");
            return;
        }

        throw new FormatException("This is no load report: $.schema is missing.");
    }

    static void CheckSchema(string schema)
    {
        var shown = DisplayText.Clean(schema, 40);
        if (!schema.StartsWith(Schema, StringComparison.Ordinal) || !int.TryParse(schema.AsSpan(Schema.Length), out var major) || major < 1)
            throw new FormatException($"This is no load report: $.schema is \"{shown}\", not \"{Schema}{NumberText.Plain(Major)}\".");
        if (major > Major)
            throw new FormatException($"{shown} comes from a newer version; this one reads {NumberText.Plain(Major)}.");
    }

    static JsonTypeInfo<LoadReport> Configure(bool indented)
    {
        var options = new JsonSerializerOptions(ReportJsonContext.Default.Options)
        {
            TypeInfoResolver = ReportJsonContext.Default.WithAddedModifier(Shape),
            WriteIndented = indented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        };
        return (JsonTypeInfo<LoadReport>)options.GetTypeInfo(typeof(LoadReport));
    }

    /// <summary>Keys end in their unit; what is never null must be there.</summary>
    static void Shape(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Namespace?.StartsWith("Vllm", StringComparison.Ordinal) != true)
            return;
        foreach (var property in type.Properties)
        {
            // A distribution's own key has the unit, so its members need none.
            var isTime = property.PropertyType == typeof(Distribution<TimeSpan>)
                || ((property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?)) && type.Type != typeof(Distribution<TimeSpan>) && type.Type != typeof(Quantile<TimeSpan>));
            var isReference = !property.PropertyType.IsValueType;
            if (property.Get is not null && property.Set is not null && (isReference ? !property.IsSetNullable : Nullable.GetUnderlyingType(property.PropertyType) is null))
                property.IsRequired = true;
            if (isTime)
                property.Name += "Seconds";
        }
    }
}
