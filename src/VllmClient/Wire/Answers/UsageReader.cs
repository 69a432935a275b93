using System.Diagnostics.CodeAnalysis;
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

        if (!TryComplete(ref prompt, completion, ref total)) return null;
        return new Usage
        {
            PromptTokens = prompt.Value,
            CompletionTokens = completion,
            TotalTokens = total.Value,
            CachedTokens = cached,
            CreatedCacheTokens = created,
            MultimodalTokens = multimodal,
            ReasoningTokens = reasoning,
        };
    }

    /// <summary>Works out a count that is missing from the others.</summary>
    /// <returns>Whether prompt and total are known now: without them there is no usage.</returns>
    internal static bool TryComplete([NotNullWhen(true)] ref int? prompt, int? completion, [NotNullWhen(true)] ref int? total)
    {
        prompt ??= total - (completion ?? 0);
        if (prompt is not >= 0) return false;
        if (total is null && (long)prompt + (completion ?? 0) is <= int.MaxValue and var sum) total = (int)sum;
        return total is not null;
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
