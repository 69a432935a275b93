namespace Vllm.Wire;

/// <summary>Writes requests for tokens of texts and texts of tokens.</summary>
static class TokenWriter
{
    internal static byte[] Tokenize(TokenizeRequest request, RequestDefaults defaults, List<string>? overridden) =>
        RequestWriter.Write(request.ExtraBody, overridden, body =>
        {
            body.String("model", request.Model ?? defaults.Model);
            body.String("prompt", request.Prompt);
            if (body.Begins("messages", request.Messages is not null)) MessageWriter.Write(body.Json, request.Messages!);
            if (body.Begins("tools", request.Tools is { Count: > 0 })) ToolWriter.Tools(body.Json, request.Tools!);
            body.Boolean("add_special_tokens", request.AddSpecialTokens);
            body.Boolean("return_token_strs", request.ReturnTokenStrings);
            body.Boolean("add_generation_prompt", request.ContinueFinalMessage == true ? false : request.AddGenerationPrompt);
            body.Boolean("continue_final_message", request.ContinueFinalMessage);
            body.String("chat_template", request.ChatTemplate);
            body.Node("chat_template_kwargs", request.ChatTemplateKwargs);
            body.Node("media_io_kwargs", request.MediaIoKwargs);
            body.Node("mm_processor_kwargs", request.MmProcessorKwargs);
        });

    internal static byte[] Detokenize(DetokenizeRequest request, RequestDefaults defaults, List<string>? overridden) =>
        RequestWriter.Write(request.ExtraBody, overridden, body =>
        {
            body.String("model", request.Model ?? defaults.Model);
            body.Integers("tokens", request.Tokens);
        });
}
