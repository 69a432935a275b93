namespace Vllm.Wire;

/// <summary>Writes the members that only completion requests have.</summary>
static class CompletionWriter
{
    internal static void Write(BodyWriter body, CompletionRequest request)
    {
        if (body.Begins("prompt", request.Prompt is not null)) Prompt(body, request.Prompt!);
        if (request.PromptEmbeds is [var single]) body.String("prompt_embeds", single);
        else body.Strings("prompt_embeds", request.PromptEmbeds);
        body.Integer("max_tokens", request.MaxTokens);
        body.Integer("logprobs", request.Logprobs);
    }

    static void Prompt(BodyWriter body, CompletionPrompt prompt)
    {
        var json = body.Json;
        if (prompt.IsSingle && prompt.Texts is [var text])
        {
            json.WriteStringValue(text);
            return;
        }

        if (prompt.IsSingle && prompt.TokenIds is [var ids])
        {
            body.IntegerList(ids);
            return;
        }

        json.WriteStartArray();
        foreach (var one in prompt.Texts ?? []) json.WriteStringValue(one);
        foreach (var list in prompt.TokenIds ?? []) body.IntegerList(list);
        json.WriteEndArray();
    }
}
