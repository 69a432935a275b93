using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Testing;

/// <summary>Server-sent events as vLLM words them.</summary>
public static class SseText
{
    public const string Done = "data: [DONE]\n\n";

    public const string KeepAlive = ": keep-alive\n\n";

    /// <summary>The error event of an engine that died, spaces included.</summary>
    public const string EngineDied =
        """data: {"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "type": "InternalServerError", "param": null, "code": 500}}""" + "\n\n";

    public static string Event(string json) => $"data: {json}\n\n";

    /// <summary>The first event of a chat stream.</summary>
    public static string Role(int index = 0) => Chat($$"""{"index":{{Number(index)}},"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}""");

    /// <summary>A content event of a chat stream.</summary>
    public static string Text(string text, int index = 0) =>
        Chat($$"""{"index":{{Number(index)}},"delta":{"content":{{Quote(text)}}},"logprobs":null,"finish_reason":null,"token_ids":null}""");

    /// <summary>A content event that also ends its choice.</summary>
    public static string Last(string text, string finishReason = "length", int index = 0) =>
        Chat($$"""{"index":{{Number(index)}},"delta":{"content":{{Quote(text)}}},"logprobs":null,"finish_reason":"{{finishReason}}","stop_reason":null,"token_ids":null}""");

    /// <summary>An event without content that ends its choice.</summary>
    public static string Finish(string finishReason = "stop", int index = 0) =>
        Chat($$"""{"index":{{Number(index)}},"delta":{},"logprobs":null,"finish_reason":"{{finishReason}}","stop_reason":null,"token_ids":null}""");

    public static string Usage(int prompt, int completion) =>
        Event(string.Create(CultureInfo.InvariantCulture, $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795492926,"model":"tiny","choices":[],"usage":{"prompt_tokens":{{{prompt}}},"total_tokens":{{{prompt + completion}}},"completion_tokens":{{{completion}}}}}"""));

    /// <summary>A chat event with these choices, given as JSON.</summary>
    public static string Chat(string choices) =>
        Event($$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795492926,"model":"tiny","choices":[{{choices}}]}""");

    /// <summary>An event of a completion stream.</summary>
    public static string Completion(string text, string? finishReason = null) =>
        Event($$"""{"id":"cmpl-1","object":"text_completion","created":1795492931,"model":"tiny","choices":[{"index":0,"text":{{Quote(text)}},"logprobs":null,"finish_reason":{{(finishReason is null ? "null" : Quote(finishReason))}},"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]}""");

    /// <summary>A whole JSON answer to a chat request.</summary>
    public static string ChatAnswer(string text, string finishReason = "stop") =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1795492922,"model":"tiny","choices":[{"index":0,"message":{"role":"assistant","content":{{{Quote(text)}}},"refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":null},"logprobs":null,"finish_reason":"{{{finishReason}}}","stop_reason":null,"token_ids":null}],"usage":{"prompt_tokens":18,"total_tokens":30,"completion_tokens":12}}""";

    /// <summary>Puts keep-alive comments between the events of a recorded body.</summary>
    public static string WithKeepAlives(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return KeepAlive + body.Replace("\n\ndata: ", "\n\n" + KeepAlive + KeepAlive + "data: ", StringComparison.Ordinal);
    }

    static string Quote(string text) => JsonValue.Create(text).ToJsonString(JsonSerializerOptions.Default);

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
