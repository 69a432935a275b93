namespace Vllm.Wire;

/// <summary>Writes requests to pooling models.</summary>
static class PoolingWriter
{
    internal static byte[] Embed(EmbeddingRequest request, RequestDefaults defaults, List<string>? overridden) =>
        Write(request, defaults, overridden, body =>
        {
            Input(body, request);
            body.Integer("dimensions", request.Dimensions);
            VectorFormat.Of(request).Write(body);
        });

    internal static byte[] Pool(PoolingRequest request, RequestDefaults defaults, List<string>? overridden) =>
        Write(request, defaults, overridden, body =>
        {
            Input(body, request);
            body.String("task", request.Task);
            body.Integer("dimensions", request.Dimensions);
            VectorFormat.Of(request).Write(body);
        });

    internal static byte[] Classify(ClassifyRequest request, RequestDefaults defaults, List<string>? overridden) =>
        Write(request, defaults, overridden, body => Input(body, request));

    // The names that servers of every age know; newer ones also call them queries and documents.
    internal static byte[] Score(ScoreRequest request, RequestDefaults defaults, List<string>? overridden) =>
        Write(request, defaults, overridden, body =>
        {
            body.Strings("text_1", request.Queries);
            body.Strings("text_2", request.Documents);
        });

    internal static byte[] Rerank(RerankRequest request, RequestDefaults defaults, List<string>? overridden) =>
        Write(request, defaults, overridden, body =>
        {
            body.String("query", request.Query);
            body.Strings("documents", request.Documents);
            body.Integer("top_n", request.TopN);
        });

    static byte[] Write(PoolingModelRequest request, RequestDefaults defaults, List<string>? overridden, Action<BodyWriter> members) =>
        RequestWriter.Write(request.ExtraBody, overridden, body =>
        {
            body.String("model", request.Model ?? defaults.Model);
            members(body);
            body.Integer("truncate_prompt_tokens", request.TruncatePromptTokens);
            body.String("truncation_side", request.TruncationSide?.Value);
            body.Boolean("use_activation", request.UseActivation);
            body.Integer("priority", request.Priority);
            body.String("cache_salt", request.CacheSalt);
            body.Node("mm_processor_kwargs", request.MmProcessorKwargs);
            body.String("user", request.User);
        });

    static void Input(BodyWriter body, PoolingInputRequest request)
    {
        if (body.Begins("input", request.Input is not null)) Input(body, request.Input!);
        if (body.Begins("messages", request.Messages is not null)) MessageWriter.Write(body.Json, request.Messages!);
        body.Boolean("add_special_tokens", request.AddSpecialTokens);
        body.Boolean("add_generation_prompt", request.ContinueFinalMessage == true ? false : request.AddGenerationPrompt);
        body.Boolean("continue_final_message", request.ContinueFinalMessage);
        body.String("chat_template", request.ChatTemplate);
        body.Node("chat_template_kwargs", request.ChatTemplateKwargs);
        body.Node("media_io_kwargs", request.MediaIoKwargs);
    }

    static void Input(BodyWriter body, PoolingInput input)
    {
        if (input.IsSingle && input.Texts is [var text])
        {
            body.Json.WriteStringValue(text);
            return;
        }

        if (input.IsSingle && input.TokenIds is [var ids])
        {
            body.IntegerList(ids);
            return;
        }

        body.Json.WriteStartArray();
        foreach (var one in input.Texts ?? []) body.Json.WriteStringValue(one);
        foreach (var list in input.TokenIds ?? []) body.IntegerList(list);
        body.Json.WriteEndArray();
    }
}
