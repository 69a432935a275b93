using System.Text.Json;

namespace Vllm.Simulator.Wire;

/// <summary>The fields that vLLM honours and the simulator does not build. Each is refused if the answer would be another with it: one as if it were not there would be taken for vLLM's.</summary>
/// <remarks>What shows in no answer is accepted: sampling, names and ids, priority. So are fields that vLLM itself ignores.</remarks>
static class NotSimulated
{
    static readonly Field[] Prompt =
    [
        new("chat_template", IsGiven),
        new("continue_final_message", IsTrue),
        new("documents", HasItems),
    ];

    static readonly Field[] Both =
    [
        new("structured_outputs", IsGiven),
        new("response_format", IsConstraint),
        new("prompt_logprobs", IsGiven),
        new("logprob_token_ids", HasItems),
        new("return_token_ids", IsTrue),
        new("return_tokens_as_token_ids", IsTrue),
        new("return_token_offsets", IsTrue),
        new("echo", IsTrue),
        new("use_beam_search", IsTrue),
        new("allowed_token_ids", HasItems),
        new("bad_words", HasItems),
        new("logit_bias", HasItems),
        new("truncate_prompt_tokens", Truncates),
        new("stream_interval", IsAboveOne),
        new("kv_transfer_params", IsGiven),
        new("ec_transfer_params", IsGiven),
    ];

    static readonly Field[] Embeddings = [new("prompt_embeds", IsGiven)];

    static readonly Field[] Chat = [new("logprobs", IsTrue), new("top_logprobs", IsAboveZero), new("return_prompt_text", IsTrue)];

    static readonly Field[] Completion = [new("logprobs", IsGiven), new("suffix", IsText), .. Embeddings];

    /// <summary>Refuses what would change the answer of a chat or a completion.</summary>
    public static void Check(JsonElement request, bool isChat)
    {
        Check(request, Both);
        Check(request, isChat ? Chat : Completion);
        if (isChat)
        {
            CheckTools(request);
        }
    }

    /// <summary>Refuses what would make another prompt of the messages.</summary>
    public static void CheckPrompt(JsonElement request) => Check(request, Prompt);

    /// <summary>Refuses embeddings in place of a prompt.</summary>
    public static void CheckEmbeddings(JsonElement request) => Check(request, Embeddings);

    // A model may always answer in text; the tools themselves are in the prompt. So only a call that was forbidden changes nothing.
    static void CheckTools(JsonElement request)
    {
        var isChosen = request.TryGetProperty("tool_choice", out var choice) && choice.ValueKind != JsonValueKind.Null;
        if (isChosen && choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"))
        {
            return;
        }

        if (request.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0)
        {
            throw Refuse("tools");
        }

        if (isChosen)
        {
            throw Refuse("tool_choice");
        }
    }

    static void Check(JsonElement request, Field[] fields)
    {
        foreach (var field in fields)
        {
            if (request.TryGetProperty(field.Name, out var value) && value.ValueKind != JsonValueKind.Null && field.Matters(value))
            {
                throw Refuse(field.Name);
            }
        }
    }

    static RefusedException Refuse(string field) => new(ApiError.NotSimulated(field));

    static bool IsGiven(JsonElement value) => true;

    static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True;

    static bool IsText(JsonElement value) => value.ValueKind != JsonValueKind.String || value.GetString() is not "";

    static bool IsAboveZero(JsonElement value) => value.ValueKind != JsonValueKind.Number || value.GetDouble() > 0;

    static bool IsAboveOne(JsonElement value) => value.ValueKind != JsonValueKind.Number || value.GetDouble() > 1;

    // -1 is the whole context, and a prompt beyond that is refused anyway.
    static bool Truncates(JsonElement value) => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= 0;

    static bool HasItems(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        _ => true,
    };

    static bool IsConstraint(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("text");

    readonly record struct Field(string Name, Func<JsonElement, bool> Matters);
}
