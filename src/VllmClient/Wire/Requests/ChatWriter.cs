namespace Vllm.Wire;

/// <summary>Writes the members that only chat requests have.</summary>
static class ChatWriter
{
    internal static void Write(BodyWriter body, ChatRequest request, string maxTokensName)
    {
        if (body.Begins("messages", true)) Messages(body, request.Messages);
        body.Integer(maxTokensName, request.MaxTokens);
        body.Boolean("logprobs", request.Logprobs);
        body.Integer("top_logprobs", request.TopLogprobs);
        body.String("reasoning_effort", request.ReasoningEffort);
        body.Boolean("include_reasoning", request.IncludeReasoning);
        body.Boolean("add_generation_prompt", request.ContinueFinalMessage == true ? false : request.AddGenerationPrompt);
        body.Boolean("continue_final_message", request.ContinueFinalMessage);
        body.String("chat_template", request.ChatTemplate);
        body.Node("chat_template_kwargs", request.ChatTemplateKwargs);
        body.Boolean("return_prompt_text", request.ReturnPromptText);
    }

    static void Messages(BodyWriter body, IReadOnlyList<ChatMessage> messages)
    {
        var json = body.Json;
        json.WriteStartArray();
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role.Value);
            if (message.Content is not null) json.WriteString("content", message.Content);
            else json.WriteNull("content");
            if (message.Reasoning is not null) json.WriteString("reasoning", message.Reasoning);
            if (message.Name is not null) json.WriteString("name", message.Name);
            if (message.ToolCallId is not null) json.WriteString("tool_call_id", message.ToolCallId);
            if (message.ToolCalls.Count > 0) ToolCalls(body, message.ToolCalls);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void ToolCalls(BodyWriter body, IReadOnlyList<ToolCall> calls)
    {
        var json = body.Json;
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
