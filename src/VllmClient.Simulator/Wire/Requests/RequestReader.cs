using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vllm.Simulator.Wire;

/// <summary>Reads the JSON of a chat or completion request.</summary>
static class RequestReader
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The request, or why not; the caller checks model and limits.</summary>
    public static GenerationRequest? Read(bool isChat, ReadOnlyMemory<byte> body, string model, out ApiError? error)
    {
        if (Parse(body, out error) is not { } document)
        {
            return null;
        }

        using (document)
        {
            return Try(() => new FieldReader(document.RootElement, model).Read(isChat), out error);
        }
    }

    /// <summary>The result of reading a document, or the refusal that came out of its depth.</summary>
    public static T? Try<T>(Func<T> read, out ApiError? error)
        where T : class
    {
        try
        {
            error = null;
            return read();
        }
        catch (RefusedException refused)
        {
            error = refused.Error;
        }
        catch (InvalidOperationException)
        {
            // The JSON reader refuses half a surrogate pair, in a name as in a value, when it is looked at.
            error = ApiError.LoneSurrogate;
        }

        return null;
    }

    /// <summary>The document, if it is a JSON object.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, out ApiError? error)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException exception)
        {
            error = ApiError.BadJson(Position(body.Span, exception), "Expecting value");
            return null;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            error = null;
            return document;
        }

        error = ApiError.NotObject(Describe(document.RootElement));
        document.Dispose();
        return null;
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Create(CultureInfo.InvariantCulture, $"<list of {value.GetArrayLength()} items>"),
        JsonValueKind.Object => string.Create(CultureInfo.InvariantCulture, $"<dict of {value.GetPropertyCount()} items>"),
        JsonValueKind.String => "<str>",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => "None",
    };

    static long Position(ReadOnlySpan<byte> body, JsonException exception)
    {
        var line = exception.LineNumber ?? 0;
        var start = 0;
        for (; line > 0; line--)
        {
            start += body[start..].IndexOf((byte)'\n') + 1;
        }

        var end = (int)Math.Min(body.Length, start + (exception.BytePositionInLine ?? 0));
        return Encoding.UTF8.GetCharCount(body[..end]);
    }
}

/// <summary>Carries a refusal out of the depth of the JSON.</summary>
sealed class RefusedException(ApiError error) : Exception(error.Message)
{
    public ApiError Error => error;
}
