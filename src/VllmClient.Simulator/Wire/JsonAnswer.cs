using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>An answer in one piece. JSON answers write nulls.</summary>
static class JsonAnswer
{
    public static ByteBuffer Begin(GenerationRequest request, string id, long created, in AnswerSettings settings) =>
        new ByteBuffer(1024)
            .Append("{\"id\":"u8).AppendString(id)
            .Append(request.IsChat ? ",\"object\":\"chat.completion\",\"created\":"u8 : ",\"object\":\"text_completion\",\"created\":"u8)
            .Append(created)
            .Append(",\"model\":"u8).AppendString(settings.Model)
            .Append(",\"choices\":["u8);

    public static void AppendChoice(ByteBuffer body, bool isChat, int index, ReadOnlySpan<byte> escaped, in FinishInfo finish)
    {
        body.Append(index > 0 ? ",{\"index\":"u8 : "{\"index\":"u8).Append(index);
        if (isChat)
        {
            body.Append(",\"message\":{\"role\":\"assistant\",\"content\":\""u8).Append(escaped)
                .Append("\",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,\"reasoning\":null}"u8);
        }
        else
        {
            body.Append(",\"text\":\""u8).Append(escaped).Append("\""u8);
        }

        body.Append(",\"logprobs\":null,\"finish_reason\":\""u8).Append(finish.Reason).Append("\",\"stop_reason\":"u8);
        finish.AppendStopReason(body);
        body.Append(isChat
            ? ",\"token_ids\":null,\"routed_experts\":null}"u8
            : ",\"token_ids\":null,\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"routed_experts\":null}"u8);
    }

    public static void End(ByteBuffer body, bool isChat, in UsageNumbers usage, in AnswerSettings settings)
    {
        body.Append("],\"service_tier\":null,\"system_fingerprint\":\""u8).Append(EventWriter.Fingerprint).Append("\",\"usage\":"u8);
        usage.Append(body, settings, isChat, isStream: false);
        body.Append(isChat ? ",\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"prompt_text\":null"u8 : ""u8)
            .Append(",\"kv_transfer_params\":null,\"ec_transfer_params\":null,\"metrics\":null}"u8);
    }
}
