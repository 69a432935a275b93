using System.Globalization;
using System.Text;
using System.Text.Json;
using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>Reads the fields of one request; throws <see cref="RefusedException"/> at the first that vLLM would refuse.</summary>
readonly struct FieldReader(JsonElement root, string model)
{
    public GenerationRequest Read(bool isChat)
    {
        var isStream = Flag("stream") ?? false;
        var options = Get("stream_options", JsonValueKind.Object, "dict_type", "dictionary");
        Require(isChat ? "messages" : "prompt");
        var request = new GenerationRequest
        {
            IsChat = isChat,
            Model = Text("model"),
            RequestId = Text("request_id"),
            IsStream = isStream,
            IncludeUsage = Option(options, "include_usage"),
            ContinuousUsage = Option(options, "continuous_usage_stats"),
            Choices = Whole("n") ?? 1,
            MaxTokens = (isChat ? Whole("max_completion_tokens") : null) ?? Whole("max_tokens"),
            MinTokens = Whole("min_tokens") ?? 0,
            IgnoreEnd = Flag("ignore_eos") ?? false,
            IncludeStop = Flag("include_stop_str_in_output") ?? false,
            Stops = Stops(),
            StopTokens = StopTokens(),
            Seed = Long("seed"),
            CacheSalt = Text("cache_salt"),
        };
        RangeCheck.Check(request, root);
        if (options is not null && !isStream)
        {
            throw new RefusedException(ApiError.StreamOptions);
        }

        NotSimulated.Check(root, isChat);
        return request with { Prompts = isChat ? [ChatPrompt()] : CompletionPrompts() };
    }

    public Prompt ChatPrompt()
    {
        var messages = Get("messages", JsonValueKind.Array, "list_type", "list")!.Value;
        if (messages.GetArrayLength() == 0)
        {
            throw new RefusedException(ApiError.EmptyMessages);
        }

        NotSimulated.CheckPrompt(root);
        var text = new StringBuilder();
        if (Get("tools", JsonValueKind.Array, "list_type", "list") is { } tools)
        {
            if (tools.GetArrayLength() == 0)
            {
                throw new RefusedException(ApiError.EmptyTools);
            }

            ChatTemplate.AppendMessage(text, "system", tools.GetRawText());
        }

        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new RefusedException(ApiError.WrongType("messages", "dict_type", "dictionary", RequestReader.Describe(message)));
            }

            var role = message.TryGetProperty("role", out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new RefusedException(ApiError.Missing("messages.role", message.GetPropertyCount()));
            ChatTemplate.AppendMessage(text, role, Content(message));
        }

        if (Flag("add_generation_prompt") ?? true)
        {
            ChatTemplate.AppendStart(text, Thinks());
        }

        return ChatTemplate.Tokenize(text.ToString());
    }

    List<Prompt> CompletionPrompts()
    {
        var prompt = root.GetProperty("prompt");
        if (prompt.ValueKind == JsonValueKind.String)
        {
            return prompt.GetString()! is { Length: > 0 } text ? [ChatTemplate.Tokenize(text)] : throw Empty();
        }

        if (prompt.ValueKind != JsonValueKind.Array)
        {
            throw new RefusedException(ApiError.WrongType("prompt", "string_type", "string", RequestReader.Describe(prompt)));
        }

        if (prompt.GetArrayLength() == 0)
        {
            throw Empty();
        }

        if (prompt[0].ValueKind == JsonValueKind.Number)
        {
            return [Tokens(prompt)];
        }

        var prompts = new List<Prompt>(prompt.GetArrayLength());
        foreach (var item in prompt.EnumerateArray())
        {
            prompts.Add(item.ValueKind switch
            {
                JsonValueKind.String => ChatTemplate.Tokenize(item.GetString()!),
                JsonValueKind.Array => Tokens(item),
                _ => throw new RefusedException(ApiError.WrongType("prompt", "string_type", "string", RequestReader.Describe(item))),
            });
        }

        return prompts;
    }

    static RefusedException Empty() => new(ApiError.EmptyPrompt);

    static Prompt Tokens(JsonElement list)
    {
        var tokens = new List<int>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var token))
            {
                throw new RefusedException(ApiError.WrongType("prompt", "int_type", "integer", RequestReader.Describe(item)));
            }

            tokens.Add(token is >= 0 and < Vocabulary.Size
                ? token
                : throw new RefusedException(new ApiError(
                    400,
                    "BadRequestError",
                    null,
                    string.Create(CultureInfo.InvariantCulture, $"Token id {token} is out of vocabulary"))));
        }

        return tokens.Count == 0 ? throw Empty() : ChatTemplate.FromTokens(tokens);
    }

    string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return message.TryGetProperty("tool_calls", out var calls) ? calls.GetRawText() : string.Empty;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw new RefusedException(ApiError.WrongType("messages.content", "string_type", "string", RequestReader.Describe(content)));
        }

        var parts = new List<string>(content.GetArrayLength());
        foreach (var part in content.EnumerateArray())
        {
            parts.Add(part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw new RefusedException(ApiError.Multimodal(model)));
        }

        return string.Join('\n', parts);
    }

    bool Thinks() =>
        Get("chat_template_kwargs", JsonValueKind.Object, "dict_type", "dictionary") is not { } arguments
        || !arguments.TryGetProperty("enable_thinking", out var value)
        || value.ValueKind != JsonValueKind.False;

    List<string> Stops()
    {
        if (!root.TryGetProperty("stop", out var stop) || stop.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return [stop.GetString()!];
        }

        var stops = new List<string>();
        foreach (var item in Get("stop", JsonValueKind.Array, "list_type", "list")!.Value.EnumerateArray())
        {
            stops.Add(item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new RefusedException(ApiError.WrongType("stop", "string_type", "string", RequestReader.Describe(item))));
        }

        return stops;
    }

    HashSet<int> StopTokens()
    {
        var tokens = new HashSet<int>();
        if (Get("stop_token_ids", JsonValueKind.Array, "list_type", "list") is { } list)
        {
            foreach (var item in list.EnumerateArray())
            {
                tokens.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var token)
                    ? token
                    : throw new RefusedException(ApiError.WrongType("stop_token_ids", "int_type", "integer", RequestReader.Describe(item))));
            }
        }

        return tokens;
    }

    void Require(string field)
    {
        if (!root.TryGetProperty(field, out var value) || (value.ValueKind == JsonValueKind.Null && field == "messages"))
        {
            if (field == "prompt")
            {
                NotSimulated.CheckEmbeddings(root);
            }

            throw new RefusedException(field == "prompt" ? ApiError.EmptyPrompt : ApiError.Missing(field, root.GetPropertyCount()));
        }
    }

    JsonElement? Get(string field, JsonValueKind kind, string type, string wanted)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind
            ? value
            : throw new RefusedException(ApiError.WrongType(field, type, wanted, RequestReader.Describe(value)));
    }

    string? Text(string field) => Get(field, JsonValueKind.String, "string_type", "string") is { } value ? value.GetString()! : null;

    int? Whole(string field) => Long(field) is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;

    long? Long(string field)
    {
        if (Get(field, JsonValueKind.Number, "int_type", "integer") is not { } number)
        {
            return null;
        }

        return number.TryGetInt64(out var value)
            ? value
            : throw new RefusedException(ApiError.WrongType(field, "int_type", "integer", number.GetRawText()));
    }

    bool? Flag(string field)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new RefusedException(ApiError.WrongType(field, "bool_type", "boolean", RequestReader.Describe(value)));
    }

    static bool Option(JsonElement? options, string name) =>
        options is { } element && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
