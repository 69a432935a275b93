using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>Writes the bodies of requests to the Responses API.</summary>
static class ResponsesWriter
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serialises a request once; the bytes serve every attempt.</summary>
    internal static byte[] Write(ResponsesRequest request, bool stream, string? defaultModel, List<string>? overridden = null)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var body = new BodyWriter(json, request.ExtraBody, overridden);
            json.WriteStartObject();
            body.String("model", request.Model ?? defaultModel);
            if (body.Begins("input", true)) Input(json, request.Input);
            body.String("instructions", request.Instructions);
            body.String("previous_response_id", request.PreviousResponseId);
            Sampling(body, request);
            Output(body, request);
            Service(body, request);
            if (stream) body.Boolean("stream", true);
            body.Extra();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void Sampling(BodyWriter body, ResponsesRequest request)
    {
        body.Integer("max_output_tokens", request.MaxOutputTokens);
        body.Number("temperature", request.Temperature);
        body.Number("top_p", request.TopP);
        body.Integer("top_k", request.TopK);
        body.Number("min_p", request.MinP);
        body.Number("presence_penalty", request.PresencePenalty);
        body.Number("frequency_penalty", request.FrequencyPenalty);
        body.Number("repetition_penalty", request.RepetitionPenalty);
        body.Integer("seed", request.Seed);
        body.Numbers("logit_bias", request.LogitBias);
        body.Strings("stop", request.Stop);
        body.Integers("stop_token_ids", request.StopTokenIds);
        body.Boolean("ignore_eos", request.IgnoreEos);
        body.Boolean("include_stop_str_in_output", request.IncludeStopInOutput);
        body.Boolean("skip_special_tokens", request.SkipSpecialTokens);
    }

    static void Output(BodyWriter body, ResponsesRequest request)
    {
        body.Integer("max_tool_calls", request.MaxToolCalls);
        body.Boolean("parallel_tool_calls", request.ParallelToolCalls);
        body.Integer("top_logprobs", request.TopLogprobs);
        body.Boolean("include_reasoning", request.IncludeReasoning);
        body.Strings("include", request.Include);
        if (body.Begins("reasoning", request.ReasoningEffort is not null))
        {
            body.Json.WriteStartObject();
            body.Json.WriteString("effort", request.ReasoningEffort?.Value);
            body.Json.WriteEndObject();
        }

        if (body.Begins("text", request.Verbosity is not null || request.TextFormat is not null)) Text(body.Json, request);
        RequestWriter.StructuredOutputs(body, request.StructuredOutput);
        if (body.Begins("tools", request.Tools is { Count: > 0 })) ToolWriter.FlatTools(body.Json, request.Tools!);
        if (body.Begins("tool_choice", request.ToolChoice is not null)) ToolWriter.FlatChoice(body.Json, request.ToolChoice!.Value);
    }

    // The members of a schema stand beside the type here, and in an object of their own in chats.
    static void Text(Utf8JsonWriter json, ResponsesRequest request)
    {
        json.WriteStartObject();
        if (request.TextFormat is { Value: var format })
        {
            json.WriteStartObject("format");
            foreach (var (name, value) in format.Concat(format["json_schema"] as JsonObject ?? []))
            {
                if (name == "json_schema" || value is null) continue;
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        Member(json, "verbosity", request.Verbosity?.Value);
        json.WriteEndObject();
    }

    static void Service(BodyWriter body, ResponsesRequest request)
    {
        body.Boolean("store", request.Store);
        body.Boolean("background", request.Background);
        if (body.Begins("metadata", request.Metadata is not null))
        {
            body.Json.WriteStartObject();
            foreach (var (name, value) in request.Metadata!) body.Json.WriteString(name, value);
            body.Json.WriteEndObject();
        }

        body.String("truncation", request.Truncation);
        body.String("user", request.User);
        body.Integer("priority", request.Priority);
        body.String("session_id", request.SessionId);
        body.String("cache_salt", request.CacheSalt);
        body.Node("chat_template_kwargs", request.ChatTemplateKwargs);
        body.Node("kv_transfer_params", request.KvTransferParams);
        body.Node("vllm_xargs", request.VllmXargs);
    }

    static void Input(Utf8JsonWriter json, ResponsesInput input)
    {
        if (input.Text is { } text)
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteStartArray();
        foreach (var item in input.Items) Item(json, item);
        json.WriteEndArray();
    }

    static void Item(Utf8JsonWriter json, ResponsesItem item)
    {
        if (item.Json is { } whole)
        {
            whole.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", item.Type);
        Member(json, "id", item.Id);
        Member(json, "role", item.Role?.Value);
        Member(json, "status", item.Status?.Value);
        Member(json, "name", item.Name);
        Member(json, "call_id", item.CallId);
        Member(json, "arguments", item.Arguments);
        Member(json, "output", item.Output);
        if (item.Content.Count > 0) Parts(json, "content", item.Content);
        if (item.Type == "reasoning" || item.Summary.Count > 0) Parts(json, "summary", item.Summary);
        json.WriteEndObject();
    }

    static void Parts(Utf8JsonWriter json, string name, IReadOnlyList<ResponsesPart> parts)
    {
        json.WriteStartArray(name);
        foreach (var part in parts)
        {
            if (part.Json is { } whole)
            {
                whole.WriteTo(json);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("type", part.Type);
            Member(json, part.Type == "refusal" ? "refusal" : "text", part.Text);
            Member(json, "image_url", part.ImageUrl);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Member(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
