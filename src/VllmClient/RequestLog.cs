using Microsoft.Extensions.Logging;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm;

/// <summary>Writes a request, and says in the log what was changed on its way into JSON: names and counts, never content.</summary>
static class RequestLog
{
    internal static byte[] Write(GenerationRequest request, bool isStream, RequestDefaults defaults, ILogger logger)
    {
        if (!logger.IsEnabled(LogLevel.Debug)) return RequestWriter.Write(request, isStream, defaults);
        var overridden = new List<string>();
        var body = RequestWriter.Write(request, isStream, defaults, overridden);
        foreach (var name in overridden) Log.FieldOverridden(logger, name);
        if (Texts(request).Sum(LoneSurrogates) is > 0 and var count) Log.SurrogateReplaced(logger, count);
        return body;
    }

    internal static byte[] Write(ResponsesRequest request, bool isStream, string? defaultModel, ILogger logger)
    {
        if (!logger.IsEnabled(LogLevel.Debug)) return ResponsesWriter.Write(request, isStream, defaultModel);
        var overridden = new List<string>();
        var body = ResponsesWriter.Write(request, isStream, defaultModel, overridden);
        foreach (var name in overridden) Log.FieldOverridden(logger, name);
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
