using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Writes the members that only chat requests have.</summary>
static class ChatWriter
{
    internal static void Write(BodyWriter body, ChatRequest request, string maxTokensName)
    {
        if (body.Begins("messages", true)) MessageWriter.Write(body.Json, request.Messages);
        body.Integer(maxTokensName, request.MaxTokens);
        body.Boolean("logprobs", request.Logprobs);
        body.Integer("top_logprobs", request.TopLogprobs);
        if (body.Begins("tools", request.Tools is { Count: > 0 })) ToolWriter.Tools(body.Json, request.Tools!);
        if (body.Begins("tool_choice", request.ToolChoice is not null)) ToolWriter.Choice(body.Json, request.ToolChoice!.Value);
        body.Boolean("parallel_tool_calls", request.ParallelToolCalls);
        if (body.Begins("documents", request.Documents is not null)) Documents(body.Json, request.Documents!);
        body.String("reasoning_effort", request.ReasoningEffort?.Value);
        body.Boolean("include_reasoning", request.IncludeReasoning);
        body.Boolean("add_generation_prompt", request.ContinueFinalMessage == true ? false : request.AddGenerationPrompt);
        body.Boolean("continue_final_message", request.ContinueFinalMessage);
        body.String("chat_template", request.ChatTemplate);
        body.Node("chat_template_kwargs", request.ChatTemplateKwargs);
        body.Node("media_io_kwargs", request.MediaIoKwargs);
        body.Node("mm_processor_kwargs", request.MmProcessorKwargs);
        body.Boolean("return_prompt_text", request.ReturnPromptText);
    }

    static void Documents(Utf8JsonWriter json, IReadOnlyList<IReadOnlyDictionary<string, string>> documents)
    {
        json.WriteStartArray();
        foreach (var document in documents)
        {
            json.WriteStartObject();
            foreach (var (name, text) in document) json.WriteString(name, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
