using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>Finds what a server would ignore or misreport in a request. Ranges are left to the server, whose messages are good.</summary>
static class RequestCheck
{
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    internal static void Check(GenerationRequest request)
    {
        if (request.Model is not null && string.IsNullOrWhiteSpace(request.Model))
            throw Bad("Model is blank. Leave it null to take the default model.");
        Finite(nameof(request.Temperature), request.Temperature);
        Finite(nameof(request.TopP), request.TopP);
        Finite(nameof(request.MinP), request.MinP);
        Finite(nameof(request.FrequencyPenalty), request.FrequencyPenalty);
        Finite(nameof(request.PresencePenalty), request.PresencePenalty);
        Finite(nameof(request.RepetitionPenalty), request.RepetitionPenalty);
        Finite(nameof(request.LengthPenalty), request.LengthPenalty);
        foreach (var (token, bias) in request.LogitBias ?? new Dictionary<string, double>()) Finite($"LogitBias[{token}]", bias);
        if (request is { ResponseFormat: not null, StructuredOutput: not null })
            throw Bad("ResponseFormat and StructuredOutput both constrain the output. Set one of them.");
        if (request.ExtraBody is { } extra) ExtraBody(extra);
        switch (request)
        {
            case ChatRequest chat:
                Chat(chat);
                break;
            case CompletionRequest { Prompt: null, PromptEmbeds: null or { Count: 0 } }:
                throw Bad("Prompt is null. Set the text or the token ids to complete, or PromptEmbeds.");
        }
    }

    static void Chat(ChatRequest request)
    {
        Messages(request.Messages);
        if (request is { ContinueFinalMessage: true, AddGenerationPrompt: true })
            throw Bad("ContinueFinalMessage and AddGenerationPrompt exclude each other: leave AddGenerationPrompt null.");
        if (request.ToolChoice is { } choice) Choice(choice, request.Tools);
    }

    internal static void Messages(IReadOnlyList<ChatMessage>? messages)
    {
        if (messages is null || messages.Count == 0)
            throw Bad("Messages is empty. A chat needs at least one message.");
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i] is null) throw Bad($"Messages[{i}] is null.");
            if (string.IsNullOrEmpty(messages[i].Role.Value)) throw Bad($"Messages[{i}].Role is empty.");
            if (messages[i] is { Content: not null, Parts.Count: > 0 })
                throw Bad($"Messages[{i}] has both Content and Parts. Put the text into a TextPart.");
            for (var part = 0; part < messages[i].Parts.Count; part++)
                if (messages[i].Parts[part] is null) throw Bad($"Messages[{i}].Parts[{part}] is null.");
        }
    }

    internal static void Choice(ToolChoice choice, IReadOnlyList<ChatTool>? tools)
    {
        if (string.IsNullOrEmpty(choice.Value)) throw Bad("ToolChoice is empty. Leave it null, or take one of ToolChoice's values.");
        if (choice == ToolChoice.None) return;
        if (tools is null or { Count: 0 }) throw Bad($"ToolChoice is '{choice}', but Tools is empty. Add the tools, or leave ToolChoice null.");
        if (choice.IsFunction && !tools.Any(tool => tool.Name == choice.Value))
            throw Bad($"ToolChoice names the function '{choice}', which is not among Tools.");
    }

    internal static void ExtraBody(JsonObject extra)
    {
        foreach (var (name, _) in extra)
        {
            if (name == "stream") throw Bad("ExtraBody must not set 'stream': call the method whose name has 'Stream', or the one that has not.");
            if (name == "stream_options") throw Bad("ExtraBody must not set 'stream_options': use IncludeUsage and ContinuousUsage.");
            if (name.StartsWith("guided_", StringComparison.Ordinal))
                throw Bad($"ExtraBody sets '{name}', which vLLM ignores since 0.12, so the output would not be constrained. Set {Cure(name["guided_".Length..])} instead.");
        }
    }

    static string Cure(string kind) => kind switch
    {
        "json" => "StructuredOutput to StructuredOutput.Json(…)",
        "json_object" => "StructuredOutput to StructuredOutput.JsonObject()",
        "regex" => "StructuredOutput to StructuredOutput.Regex(…)",
        "choice" => "StructuredOutput to StructuredOutput.Choice(…)",
        "grammar" => "StructuredOutput to StructuredOutput.Grammar(…)",
        "whitespace_pattern" => "StructuredOutput's WhitespacePattern",
        _ => "StructuredOutput",
    };

    internal static void Finite(string name, double? value)
    {
        if (value is { } number && !double.IsFinite(number)) throw Bad($"{name} is {number}, which JSON cannot say. Use a finite number, or null for the server's default.");
    }

    internal static ArgumentException Bad(string message, string parameter = "request") => new(message, parameter);
}
