using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads token counts and server times.</summary>
static class UsageReader
{
    internal static Usage? Usage(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader)) return null;
        int? prompt = null, completion = null, total = null, cached = null, created = null, multimodal = null, reasoning = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Json.Integer(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = Json.Integer(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Json.Integer(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) (cached, created, multimodal) = PromptDetails(ref reader);
            else if (reader.ValueTextEquals("completion_tokens_details"u8)) reasoning = CompletionDetails(ref reader);
            else Json.Skip(ref reader);
        }

        if (prompt is null && completion is null && total is null) return null;
        return new Usage
        {
            PromptTokens = prompt ?? Math.Max(0, (total ?? 0) - (completion ?? 0)),
            CompletionTokens = completion,
            TotalTokens = total ?? (prompt ?? 0) + (completion ?? 0),
            CachedTokens = cached,
            CreatedCacheTokens = created,
            MultimodalTokens = multimodal,
            ReasoningTokens = reasoning,
        };
    }

    internal static ServerTiming? Timing(ref Utf8JsonReader reader)
    {
        if (!Json.Opens(ref reader)) return null;
        double? first = null, generation = null, queue = null, gap = null, speed = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("time_to_first_token_ms"u8)) first = Json.Double(ref reader);
            else if (reader.ValueTextEquals("generation_time_ms"u8)) generation = Json.Double(ref reader);
            else if (reader.ValueTextEquals("queue_time_ms"u8)) queue = Json.Double(ref reader);
            else if (reader.ValueTextEquals("mean_itl_ms"u8)) gap = Json.Double(ref reader);
            else if (reader.ValueTextEquals("tokens_per_second"u8)) speed = Json.Double(ref reader);
            else Json.Skip(ref reader);
        }

        return new ServerTiming
        {
            TimeToFirstToken = Milliseconds(first),
            GenerationTime = Milliseconds(generation),
            QueueTime = Milliseconds(queue),
            MeanInterTokenLatency = Milliseconds(gap),
            TokensPerSecond = speed,
        };
    }

    static (int? Cached, int? Created, int? Multimodal) PromptDetails(ref Utf8JsonReader reader)
    {
        int? cached = null, created = null, multimodal = null;
        if (!Json.Opens(ref reader)) return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = Json.Integer(ref reader);
            else if (reader.ValueTextEquals("created_cache_tokens"u8)) created = Json.Integer(ref reader);
            else if (reader.ValueTextEquals("multimodal_tokens"u8)) multimodal = Json.Integer(ref reader);
            else Json.Skip(ref reader);
        }

        return (cached, created, multimodal);
    }

    static int? CompletionDetails(ref Utf8JsonReader reader)
    {
        int? reasoning = null;
        if (!Json.Opens(ref reader)) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = Json.Integer(ref reader);
            else Json.Skip(ref reader);
        }

        return reasoning;
    }

    static TimeSpan? Milliseconds(double? value) =>
        value is { } number && Math.Abs(number) < 1e12 ? TimeSpan.FromMilliseconds(number) : null;
}
