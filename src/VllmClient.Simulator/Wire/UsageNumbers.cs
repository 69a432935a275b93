using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>The token counts of an answer.</summary>
/// <param name="Prompt">Tokens of the prompts.</param>
/// <param name="Completion">Tokens generated.</param>
/// <param name="Cached">Prompt tokens found in the prefix cache.</param>
/// <param name="Created">Prompt tokens in full blocks that were new to the cache.</param>
readonly record struct UsageNumbers(int Prompt, int Completion, int Cached, int Created)
{
    /// <summary>Streams leave out what JSON answers write as null.</summary>
    public void Append(ByteBuffer buffer, in AnswerSettings settings, bool isChat, bool isStream, bool hasDetails = true)
    {
        buffer.Append("{\"prompt_tokens\":"u8).Append(Prompt)
            .Append(",\"total_tokens\":"u8).Append(Prompt + Completion)
            .Append(",\"completion_tokens\":"u8).Append(Completion);
        if (settings.PromptTokenDetails && hasDetails)
        {
            buffer.Append(",\"prompt_tokens_details\":{\"cached_tokens\":"u8).Append(Cached);
            if (isChat)
            {
                buffer.Append(",\"created_cache_tokens\":"u8).Append(Created);
            }
            else if (!isStream)
            {
                buffer.Append(",\"created_cache_tokens\":null"u8);
            }

            buffer.Append(isStream ? "}"u8 : ",\"multimodal_tokens\":null}"u8);
        }
        else if (!isStream)
        {
            buffer.Append(",\"prompt_tokens_details\":null"u8);
        }

        if (isChat)
        {
            buffer.Append(",\"completion_tokens_details\":{\"reasoning_tokens\":0}"u8);
        }
        else if (!isStream)
        {
            buffer.Append(",\"completion_tokens_details\":null"u8);
        }

        buffer.Append("}"u8);
    }
}

/// <summary>What of the server's configuration shows in an answer.</summary>
readonly record struct AnswerSettings(string Model, bool PromptTokenDetails, bool ForceUsage);

/// <summary>How a choice ended.</summary>
readonly record struct FinishInfo(string Reason, string? StopString, int? StopToken)
{
    public void AppendStopReason(ByteBuffer buffer)
    {
        if (StopToken is { } token)
        {
            buffer.Append(token);
        }
        else
        {
            buffer.AppendString(StopString);
        }
    }
}
