using System.Text;
using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads one whole JSON answer, and refuses what is none.</summary>
static class AnswerChecks
{
    internal static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a body that should be one answer.</summary>
    /// <exception cref="VllmException">It is an error, or no answer at all.</exception>
    internal static void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body, AnswerReader reader, AnswerEvent target)
    {
        var status = (int)response.StatusCode;
        var contentType = response.Content.Headers.ContentType?.MediaType;
        try
        {
            reader.Read(body, target);
        }
        catch (JsonException error)
        {
            throw Unreadable(exchange, response, body, error);
        }

        if (target.Error is { } said) throw Failures.InBody(exchange.Facts(), status, said, Start(body));
        if (!target.HasChoices) throw Failures.NotAnAnswer(exchange.Facts(), status, contentType, Start(body));
        if (IsAborted(target)) throw Failures.Aborted(exchange.Facts(), target.ChoiceCount);
    }

    /// <summary>Warns of a server that hands tool calls on as text, for want of a parser.</summary>
    internal static void WarnOfToolCallInText(ClientTelemetry telemetry, GenerationRequest? request, AnswerBuilder builder)
    {
        if (request is ChatRequest { Tools.Count: > 0 } && builder.HasToolCallInText) telemetry.ToolCallInText();
    }

    internal static bool IsAborted(AnswerEvent part)
    {
        for (var i = 0; i < part.ChoiceCount; i++)
            if (part[i].FinishReason == FinishReason.Abort) return true;
        return false;
    }

    /// <summary>The failure that a body is no answer that the endpoint gives.</summary>
    internal static VllmException Unreadable(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body, Exception error)
    {
        var contentType = response.Content.Headers.ContentType?.MediaType;
        return contentType is null or "application/json"
            ? Failures.UnreadableJson(exchange.Facts(), (int)response.StatusCode, Start(body), error)
            : Failures.NotAnAnswer(exchange.Facts(), (int)response.StatusCode, contentType, Start(body));
    }

    /// <summary>As much of a body as an exception keeps.</summary>
    internal static string? Start(ReadOnlySpan<byte> body) => body.IsEmpty ? null : Encoding.UTF8.GetString(body[..Math.Min(body.Length, ErrorAnswers.BodyLimit)]);
}
