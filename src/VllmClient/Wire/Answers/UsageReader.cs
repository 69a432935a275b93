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
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Json.Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = Json.Count(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Json.Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) (cached, created, multimodal) = PromptDetails(ref reader);
            else if (reader.ValueTextEquals("completion_tokens_details"u8)) reasoning = CompletionDetails(ref reader);
            else Json.Skip(ref reader);
        }

        return Of(prompt, completion, total) is { } usage
            ? usage with { CachedTokens = cached, CreatedCacheTokens = created, MultimodalTokens = multimodal, ReasoningTokens = reasoning }
            : null;
    }

    /// <summary>The usage of counts of which some may be missing. One that is missing follows from the others; if the prompt's does not, there is no usage.</summary>
    internal static Usage? Of(int? prompt, int? completion, int? total)
    {
        var input = prompt ?? total - (completion ?? 0);
        var all = total ?? input + (long)(completion ?? 0);
        return input >= 0 && all <= int.MaxValue ? new Usage { PromptTokens = input.Value, CompletionTokens = completion, TotalTokens = (int)all.Value } : null;
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
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = Json.Count(ref reader);
            else if (reader.ValueTextEquals("created_cache_tokens"u8)) created = Json.Count(ref reader);
            else if (reader.ValueTextEquals("multimodal_tokens"u8)) multimodal = Json.Count(ref reader);
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
            if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = Json.Count(ref reader);
            else Json.Skip(ref reader);
        }

        return reasoning;
    }

    static TimeSpan? Milliseconds(double? value) =>
        value is { } number && Math.Abs(number) < 1e12 ? TimeSpan.FromMilliseconds(number) : null;
}
