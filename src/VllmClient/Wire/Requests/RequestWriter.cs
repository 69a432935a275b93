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
    /// <param name="request">The request, checked before.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="defaults">What the client's settings put in.</param>
    /// <param name="overridden">Takes the names of the properties that <c>ExtraBody</c> replaced.</param>
    internal static byte[] Write(GenerationRequest request, bool stream, RequestDefaults defaults, List<string>? overridden = null) =>
        Write(request.ExtraBody, overridden, body =>
        {
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
        });

    /// <summary>Writes an object of these members, and behind them those of <c>ExtraBody</c>.</summary>
    internal static byte[] Write(JsonObject? extra, List<string>? overridden, Action<BodyWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var body = new BodyWriter(json, extra, overridden);
            json.WriteStartObject();
            members(body);
            body.Extra();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a body that the caller has made.</summary>
    internal static byte[] Write(JsonNode body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options)) body.WriteTo(json);
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
        body.String("truncation_side", request.TruncationSide?.Value);
        body.Boolean("add_special_tokens", request.AddSpecialTokens);
        body.Node("response_format", request.ResponseFormat?.Value);
        StructuredOutputs(body, request.StructuredOutput);
        Repetition(body, request.RepetitionDetection);
        body.Node("kv_transfer_params", request.KvTransferParams);
        body.Node("ec_transfer_params", request.EcTransferParams);
        body.Node("vllm_xargs", request.VllmXargs);
        body.Integer("priority", request.Priority);
        body.String("session_id", request.SessionId);
        body.String("cache_salt", request.CacheSalt);
        body.String("user", request.User);
    }

    internal static void StructuredOutputs(BodyWriter body, StructuredOutput? constraint)
    {
        if (!body.Begins("structured_outputs", constraint is not null)) return;
        var inner = new BodyWriter(body.Json, null, null);
        body.Json.WriteStartObject();
        inner.Node(constraint!.Kind, constraint.Value);
        inner.Boolean("disable_any_whitespace", constraint.DisableAnyWhitespace);
        inner.Boolean("disable_additional_properties", constraint.DisableAdditionalProperties);
        inner.String("whitespace_pattern", constraint.WhitespacePattern);
        body.Json.WriteEndObject();
    }

    static void Repetition(BodyWriter body, RepetitionDetection? detection)
    {
        if (!body.Begins("repetition_detection", detection is not null)) return;
        var inner = new BodyWriter(body.Json, null, null);
        body.Json.WriteStartObject();
        inner.Integer("max_pattern_size", detection!.MaxPatternSize);
        inner.Integer("min_pattern_size", detection.MinPatternSize);
        inner.Integer("min_count", detection.MinCount);
        body.Json.WriteEndObject();
    }

    static void Streaming(BodyWriter body, GenerationRequest request, RequestDefaults defaults)
    {
        body.Boolean("stream", true);
        var usage = request.IncludeUsage ?? defaults.IncludeUsage;
        if (!usage && request.ContinuousUsage is null) return;
        body.Object("stream_options", usage, request.ContinuousUsage);
    }
}
