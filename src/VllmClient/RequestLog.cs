using Microsoft.Extensions.Logging;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm;

/// <summary>Writes a request, and says in the log what was changed on its way into JSON: names and counts, never content.</summary>
static class RequestLog
{
    internal static byte[] Write(GenerationRequest request, bool isStream, RequestDefaults defaults, ILogger logger) =>
        Write(logger, Texts(request), overridden => RequestWriter.Write(request, isStream, defaults, overridden));

    /// <param name="logger">Takes what was changed.</param>
    /// <param name="texts">The texts that the request holds; null for none.</param>
    /// <param name="write">Writes the body, and takes the names of the properties that <c>ExtraBody</c> replaced.</param>
    internal static byte[] Write(ILogger logger, IEnumerable<string?>? texts, Func<List<string>?, byte[]> write)
    {
        if (!logger.IsEnabled(LogLevel.Debug)) return write(null);
        var overridden = new List<string>();
        var body = write(overridden);
        foreach (var name in overridden) Log.FieldOverridden(logger, name);
        if ((texts ?? []).Sum(LoneSurrogates) is > 0 and var count) Log.SurrogateReplaced(logger, count);
        return body;
    }

    static IEnumerable<string?> Texts(GenerationRequest request) => request switch
    {
        ChatRequest chat => chat.Messages.SelectMany(message => (IEnumerable<string?>)[
            message.Content, message.Reasoning, message.Name,
            .. message.Parts.OfType<TextPart>().Select(part => part.Text),
            .. message.ToolCalls.Select(call => call.Arguments)]),
        CompletionRequest completion => completion.Prompt?.Texts ?? [],
        _ => [],
    };

    static int LoneSurrogates(string? text)
    {
        var count = 0;
        for (var i = 0; i < text?.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else count++;
        }

        return count;
    }
}
