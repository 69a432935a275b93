using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>What a client's settings put into a request that leaves it open.</summary>
/// <param name="Model">The model; null lets the server choose.</param>
/// <param name="MaxTokensName">Name of the token limit of chats.</param>
/// <param name="IncludeUsage">Whether streams ask for usage.</param>
sealed record RequestDefaults(string? Model, string MaxTokensName, bool IncludeUsage);

/// <summary>Writes request bodies. A property that is null is not written; a member of <c>ExtraBody</c> replaces the property of the same name.</summary>
static class RequestWriter
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serialises a request once; the bytes serve every attempt.</summary>
    internal static byte[] Write(GenerationRequest request, bool stream, RequestDefaults defaults)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var body = new BodyWriter(json, request.ExtraBody);
            json.WriteStartObject();
            body.String("model", request.Model ?? defaults.Model);
            switch (request)
            {
                case ChatRequest chat:
                    ChatWriter.Write(body, chat, defaults.MaxTokensName);
                    break;
                case CompletionRequest completion:
                    CompletionWriter.Write(body, completion);
                    break;
            }

            Sampling(body, request);
            Output(body, request);
            Vllm(body, request);
            if (stream) Streaming(body, request, defaults);
            body.Extra();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void Sampling(BodyWriter body, GenerationRequest request)
    {
        body.Number("temperature", request.Temperature);
        body.Number("top_p", request.TopP);
        body.Integer("top_k", request.TopK);
        body.Number("min_p", request.MinP);
        body.Number("frequency_penalty", request.FrequencyPenalty);
        body.Number("presence_penalty", request.PresencePenalty);
        body.Number("repetition_penalty", request.RepetitionPenalty);
        body.Integer("seed", request.Seed);
        body.Integer("n", request.N);
        body.Boolean("use_beam_search", request.UseBeamSearch);
        body.Number("length_penalty", request.LengthPenalty);
        body.Integers("allowed_token_ids", request.AllowedTokenIds);
        body.Strings("bad_words", request.BadWords);
        body.Numbers("logit_bias", request.LogitBias);
    }

    static void Output(BodyWriter body, GenerationRequest request)
    {
        body.Integer("min_tokens", request.MinTokens);
        body.Strings("stop", request.Stop);
        body.Integers("stop_token_ids", request.StopTokenIds);
        body.Boolean("include_stop_str_in_output", request.IncludeStopInOutput);
        body.Boolean("ignore_eos", request.IgnoreEos);
        body.Boolean("skip_special_tokens", request.SkipSpecialTokens);
        body.Boolean("spaces_between_special_tokens", request.SpacesBetweenSpecialTokens);
        body.Integer("prompt_logprobs", request.PromptLogprobs);
        body.Integers("logprob_token_ids", request.LogprobTokenIds);
        body.Boolean("echo", request.Echo);
        body.Boolean("return_token_ids", request.ReturnTokenIds);
        body.Boolean("return_tokens_as_token_ids", request.ReturnTokensAsTokenIds);
        body.Integer("stream_interval", request.StreamInterval);
        body.Integer("thinking_token_budget", request.ThinkingTokenBudget);
    }

    static void Vllm(BodyWriter body, GenerationRequest request)
    {
        body.Integer("truncate_prompt_tokens", request.TruncatePromptTokens);
        body.String("truncation_side", request.TruncationSide);
        body.Boolean("add_special_tokens", request.AddSpecialTokens);
        body.Integer("priority", request.Priority);
        body.String("session_id", request.SessionId);
        body.String("cache_salt", request.CacheSalt);
        body.String("user", request.User);
    }

    static void Streaming(BodyWriter body, GenerationRequest request, RequestDefaults defaults)
    {
        body.Boolean("stream", true);
        var usage = request.IncludeUsage ?? defaults.IncludeUsage;
        if (!usage && request.ContinuousUsage is null) return;
        body.Object("stream_options", usage, request.ContinuousUsage);
    }
}

/// <summary>Writes members that have a value and that <c>ExtraBody</c> does not replace.</summary>
sealed class BodyWriter(Utf8JsonWriter json, JsonObject? extra)
{
    internal Utf8JsonWriter Json => json;

    internal bool Begins(string name, bool hasValue)
    {
        if (!hasValue || (extra?.ContainsKey(name) ?? false)) return false;
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
