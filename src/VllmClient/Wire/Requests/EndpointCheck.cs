using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>Finds what a server would ignore or misreport in requests that generate no chat or completion.</summary>
static class EndpointCheck
{
    internal static void Check(PoolingModelRequest request)
    {
        Model(request.Model);
        switch (request)
        {
            case RerankRequest rerank:
                Needed(nameof(rerank.Query), rerank.Query, request.ExtraBody, "query");
                Texts(nameof(rerank.Documents), rerank.Documents, request.ExtraBody, "documents");
                break;
            case ScoreRequest score:
                Texts(nameof(score.Queries), score.Queries, request.ExtraBody, "text_1", "queries", "data_1");
                Texts(nameof(score.Documents), score.Documents, request.ExtraBody, "text_2", "documents", "data_2");
                break;
            case PoolingInputRequest input:
                Input(input);
                break;
        }
    }

    internal static void Check(TokenizeRequest request)
    {
        Model(request.Model);
        if (request is { Prompt: not null, Messages: not null }) throw Bad("Prompt and Messages exclude each other. Set one of them.");
        if (request.Prompt is null) Messages(request.Messages, request.ExtraBody, "Prompt and Messages are null. Set the text or the conversation to count.", "prompt", "messages");
        Template(request.ContinueFinalMessage, request.AddGenerationPrompt);
    }

    internal static void Check(DetokenizeRequest request)
    {
        Model(request.Model);
        Needed(nameof(request.Tokens), request.Tokens, request.ExtraBody, "tokens");
    }

    internal static void Check(TranscriptionRequest request)
    {
        Model(request.Model);
        if (request.Audio.IsEmpty) throw Bad("Audio is empty. Set the bytes of an audio file.");
        if (string.IsNullOrWhiteSpace(request.FileName)) throw Bad("FileName is blank. Leave it alone, or set a name whose ending tells the format.");
        Finite(nameof(request.Temperature), request.Temperature);
        Finite(nameof(request.TopP), request.TopP);
        Finite(nameof(request.MinP), request.MinP);
        Finite(nameof(request.FrequencyPenalty), request.FrequencyPenalty);
        Finite(nameof(request.PresencePenalty), request.PresencePenalty);
        Finite(nameof(request.RepetitionPenalty), request.RepetitionPenalty);
        foreach (var (name, _) in request.ExtraBody ?? [])
        {
            if (name is "stream" or "file") throw Bad($"ExtraBody must not set '{name}': {(name == "file" ? "use Audio and FileName" : "the answer is read whole")}.");
        }
    }

    static void Input(PoolingInputRequest request)
    {
        if (request is { Input: not null, Messages: not null }) throw Bad("Input and Messages exclude each other. Set one of them.");
        if (request.Input is null) Messages(request.Messages, request.ExtraBody, "Input and Messages are null. Set what the model is to read.", "input", "messages", "data");
        if (request.Input?.Texts is { } texts) Items("Input", texts);
        if (request.Input?.TokenIds is { } lists) Items("Input", lists);
        Template(request.ContinueFinalMessage, request.AddGenerationPrompt);
    }

    static void Template(bool? continues, bool? prompts)
    {
        if (continues == true && prompts == true)
            throw Bad("ContinueFinalMessage and AddGenerationPrompt exclude each other: leave AddGenerationPrompt null.");
    }

    static void Messages(IReadOnlyList<ChatMessage>? messages, JsonObject? extra, string missing, params ReadOnlySpan<string> names)
    {
        if (messages is not null) RequestCheck.Messages(messages);
        else if (!Has(extra, names)) throw Bad(missing);
    }

    static void Texts(string property, IReadOnlyList<string>? texts, JsonObject? extra, params ReadOnlySpan<string> names)
    {
        Needed(property, texts, extra, names);
        if (texts is not null) Items(property, texts);
    }

    static void Items<T>(string property, IReadOnlyList<T> items) where T : class
    {
        for (var i = 0; i < items.Count; i++)
            if (items[i] is null) throw Bad($"{property}[{i}] is null.");
    }

    static void Needed(string property, object? value, JsonObject? extra, params ReadOnlySpan<string> names)
    {
        if (value is null && !Has(extra, names)) throw Bad($"{property} is null.");
    }

    static bool Has(JsonObject? extra, ReadOnlySpan<string> names)
    {
        if (extra is null) return false;
        foreach (var name in names)
            if (extra.ContainsKey(name)) return true;
        return false;
    }

    static void Model(string? model)
    {
        if (model is not null && string.IsNullOrWhiteSpace(model)) throw Bad("Model is blank. Leave it null to take the default model.");
    }

    static void Finite(string name, double? value)
    {
        if (value is { } number && !double.IsFinite(number)) throw Bad($"{name} is {number}, which no server understands. Use a finite number, or null for the server's default.");
    }

    static ArgumentException Bad(string message, string parameter = "request") => new(message, parameter);
}
