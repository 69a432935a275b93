using System.Globalization;
using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>A refusal in vLLM's words.</summary>
sealed record ApiError(int Status, string Type, string? Param, string Message)
{
    public static readonly ApiError MediaType =
        new(400, "Bad Request", null, "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed");

    /// <summary>No valid key; its body is <see cref="Unauthorized"/>, not this text.</summary>
    public static readonly ApiError Key = new(401, "Unauthorized", null, "Unauthorized");

    public static readonly ApiError EmptyMessages =
        new(400, "BadRequestError", null, "Cannot apply chat template to an empty conversation. Provide at least one message.");

    public static readonly ApiError EmptyPrompt =
        new(400, "BadRequestError", "prompt", "Either prompt or prompt_embeds must be provided and non-empty. (parameter=prompt)");

    public static readonly ApiError EmptyTools = new(
        400,
        "BadRequestError",
        "tools",
        "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely. (parameter=tools)");

    public static readonly ApiError LoneSurrogate =
        new(400, "BadRequestError", null, "TextEncodeInput must be Union[TextInputSequence, Tuple[InputSequence, InputSequence]]");

    public static readonly ApiError StreamOptions = new(
        400,
        "BadRequestError",
        "stream_options",
        "Stream options can only be defined when `stream=True`. (parameter=stream_options)");

    public static readonly ApiError QueueFull = new(
        503,
        "Service Unavailable",
        null,
        "The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.");

    /// <summary>The body for a wrong path.</summary>
    public static ReadOnlySpan<byte> NotFound => """{"detail":"Not Found"}"""u8;

    /// <summary>The body for a wrong method.</summary>
    public static ReadOnlySpan<byte> MethodNotAllowed => """{"detail":"Method Not Allowed"}"""u8;

    /// <summary>The body without a valid key.</summary>
    public static ReadOnlySpan<byte> Unauthorized => """{"error":"Unauthorized"}"""u8;

    public static ApiError Model(string model, string served) =>
        new(404, "NotFoundError", "model", $"The model `{model}` does not exist. Valid aliases: {served}.");

    public static ApiError BadJson(long position, string reason) => Invalid(
        $"body.{position.ToString(CultureInfo.InvariantCulture)}",
        "json_invalid",
        "JSON decode error",
        "<dict of 0 items>",
        $", 'ctx': {{'error': '{reason}'}}");

    public static ApiError Missing(string field, int fields) => Invalid(
        "body." + field,
        "missing",
        "Field required",
        string.Create(CultureInfo.InvariantCulture, $"<dict of {fields} items>"));

    public static ApiError NotObject(string kind) => Invalid(
        "body",
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from",
        kind);

    public static ApiError WrongType(string field, string type, string wanted, string got) =>
        Invalid("body." + field, type, "Input should be a valid " + wanted, got);

    public static ApiError Range(string field, string rule, string value) => new(
        400,
        "BadRequestError",
        field,
        $"{field} {rule}, got {value}. (parameter={field}, value={value})");

    public static ApiError TooManyTokens(int tokens, int limit) => new(
        400,
        "BadRequestError",
        "max_tokens",
        string.Create(
            CultureInfo.InvariantCulture,
            $"max_tokens={tokens} cannot be greater than max_model_len={limit}. Please request fewer output tokens. (parameter=max_tokens, value={tokens})"));

    public static ApiError TooLong(int limit) => new(
        400,
        "BadRequestError",
        "input_tokens",
        string.Create(
            CultureInfo.InvariantCulture,
            $"This model's maximum context length is {limit} tokens. However, your prompt contains at least {limit + 1} input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value={limit + 1})"));

    public static ApiError TooLongTogether(int limit, int output, int prompt) => new(
        400,
        "BadRequestError",
        "input_tokens",
        string.Create(
            CultureInfo.InvariantCulture,
            $"This model's maximum context length is {limit} tokens. However, you requested {output} output tokens and your prompt contains {prompt} input tokens, for a total of {output + prompt} tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value={prompt})"));

    public static ApiError Multimodal(string model) => new(400, "BadRequestError", null, model + " is not a multimodal model");

    /// <summary>A field that vLLM would honour.</summary>
    public static ApiError NotSimulated(string field) => new(
        400,
        "BadRequestError",
        field,
        $"VllmClient.Simulator does not simulate `{field}`, and would answer as if it were not there. Leave it out, or ask a real vLLM. (parameter={field})");

    /// <summary>A header that was to steer the request, and would not.</summary>
    public static ApiError Steering(string part) => new(
        400,
        "BadRequestError",
        null,
        $"VllmClient.Simulator does not know '{part}' in the header x-simulator. It knows tokens=N, with N above 0.");

    public static ApiError Limit(string what) => new(400, "BadRequestError", null, "Simulator limit: " + what);

    public ReadOnlySpan<byte> ToJson() => new ByteBuffer(256)
        .Append("{\"error\":{\"message\":"u8).AppendString(Message)
        .Append(",\"type\":"u8).AppendString(Type)
        .Append(",\"param\":"u8).AppendString(Param)
        .Append(",\"code\":"u8).Append(Status).Append("}}"u8).Written;

    static ApiError Invalid(string location, string type, string message, string input, string more = "") => new(
        400,
        "Bad Request",
        location,
        $"1 validation error:\n  {{'type': '{type}', 'loc': '{location}', 'msg': '{message}', 'input': '{input}'{more}}}");
}
