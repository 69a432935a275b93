using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>The events of one streamed answer; what never changes is rendered once.</summary>
sealed class EventWriter
{
    public const string Fingerprint = "vllm-0.32.0-60e22718";

    readonly Exchange _exchange;
    readonly GenerationRequest _request;
    readonly AnswerSettings _settings;
    readonly byte[] _opening;
    readonly byte[][] _heads;
    readonly ByteBuffer _tail = new(160);
    readonly bool _hasUsageChunk;
    readonly bool _hasRunningUsage;

    public EventWriter(Exchange exchange, GenerationRequest request, string id, long created, in AnswerSettings settings)
    {
        _exchange = exchange;
        _request = request;
        _settings = settings;
        _hasUsageChunk = request.IncludeUsage || settings.ForceUsage;
        _hasRunningUsage = request.ContinuousUsage || settings.ForceUsage;
        _opening = new ByteBuffer(160)
            .Append("data: {\"id\":"u8).AppendString(id)
            .Append(request.IsChat ? ",\"object\":\"chat.completion.chunk\",\"created\":"u8 : ",\"object\":\"text_completion\",\"created\":"u8)
            .Append(created)
            .Append(",\"model\":"u8).AppendString(settings.Model)
            .Append(",\"choices\":["u8).Written.ToArray();
        _heads = new byte[request.Choices * request.Prompts.Count][];
    }

    static ReadOnlySpan<byte> ChatTail => "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}\n\n"u8;

    static ReadOnlySpan<byte> CompletionTail =>
        "\",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}\n\n"u8;

    /// <summary>The first event of a chat choice.</summary>
    public void Role(int choice, in UsageNumbers usage)
    {
        _tail.Clear();
        _tail.Append("{\"index\":"u8).Append(choice)
            .Append(",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"u8);
        AppendRunningUsage(usage with { Completion = 0 });
        _tail.Append(",\"prompt_token_ids\":null,\"prompt_text\":null}\n\n"u8);
        _exchange.WriteEvent(_opening, _tail.Written, []);
    }

    /// <summary>Text of a choice; returns whether it is written, as <see cref="Exchange.WriteEvent"/> does.</summary>
    public bool Content(int choice, ReadOnlySpan<byte> escaped, in UsageNumbers usage)
    {
        var tail = _request.IsChat ? ChatTail : CompletionTail;
        if (_hasRunningUsage)
        {
            _tail.Clear();
            _tail.Append(tail[..^3]);
            AppendRunningUsage(usage);
            tail = _tail.Append("}\n\n"u8).Written;
        }

        return _exchange.WriteEvent(_heads[choice] ??= ContentHead(choice), escaped, tail, hasTokens: true);
    }

    /// <summary>The last event of a choice, with its last text if any; returns whether it is written.</summary>
    public bool Finish(int choice, ReadOnlySpan<byte> escaped, in FinishInfo finish, bool isLast, in UsageNumbers usage)
    {
        _tail.Clear();
        if (!_request.IsChat)
        {
            _tail.Append("\",\"logprobs\":null"u8);
        }
        else if (escaped.IsEmpty && finish.Reason != "abort")
        {
            _tail.Append("{\"index\":"u8).Append(choice).Append(",\"delta\":{},\"logprobs\":null"u8);
        }
        else
        {
            _tail.Append("\"},\"logprobs\":null"u8);
        }

        _tail.Append(",\"finish_reason\":\""u8).Append(finish.Reason).Append("\",\"stop_reason\":"u8);
        finish.AppendStopReason(_tail);
        _tail.Append(_request.IsChat ? ",\"token_ids\":null}]"u8 : ",\"prompt_token_ids\":null,\"token_ids\":null}]"u8);
        AppendRunningUsage(usage);
        if (isLast && !_hasUsageChunk)
        {
            _tail.Append(",\"system_fingerprint\":\""u8).Append(Fingerprint).Append("\""u8);
        }

        _tail.Append("}\n\n"u8);
        var hasDelta = !_request.IsChat || !escaped.IsEmpty || finish.Reason == "abort";
        var head = hasDelta ? _heads[choice] ??= ContentHead(choice) : _opening;
        return _exchange.WriteEvent(head, escaped, _tail.Written, hasTokens: true);
    }

    /// <summary>The usage event, if the request or the server wants one.</summary>
    public void Usage(in UsageNumbers usage)
    {
        if (!_hasUsageChunk)
        {
            return;
        }

        _tail.Clear();
        _tail.Append("],\"usage\":"u8);
        usage.Append(_tail, _settings, _request.IsChat, isStream: true);
        _tail.Append(",\"system_fingerprint\":\""u8).Append(Fingerprint).Append("\"}\n\n"u8);
        _exchange.WriteEvent(_opening, _tail.Written, []);
    }

    public void Done() => _exchange.WriteEvent("data: [DONE]\n\n"u8, [], []);

    /// <summary>An error after the head; vLLM writes these with blanks after colon and comma.</summary>
    public void Error(ApiError error)
    {
        _tail.Clear();
        _tail.Append("data: {\"error\": {\"message\": "u8).AppendString(error.Message)
            .Append(", \"type\": "u8).AppendString(error.Type)
            .Append(", \"param\": "u8).AppendString(error.Param)
            .Append(", \"code\": "u8).Append(error.Status).Append("}}\n\n"u8);
        _exchange.WriteEvent(_tail.Written, [], []);
    }

    void AppendRunningUsage(in UsageNumbers usage)
    {
        if (_hasRunningUsage)
        {
            _tail.Append(",\"usage\":"u8);
            usage.Append(_tail, _settings, _request.IsChat, isStream: true, hasDetails: false);
        }
    }

    byte[] ContentHead(int choice) => new ByteBuffer(_opening.Length + 40)
        .Append(_opening).Append("{\"index\":"u8).Append(choice)
        .Append(_request.IsChat ? ",\"delta\":{\"content\":\""u8 : ",\"text\":\""u8).Written.ToArray();
}
