using System.Text.Json;

namespace Vllm;

/// <summary>One update of a chat stream: what one event brings for one choice.</summary>
public sealed class ChatUpdate
{
    StreamHead _head = StreamHead.None;
    UpdateExtras? _extras;

    /// <summary>Creates an update; useful for fakes in tests.</summary>
    public ChatUpdate() { }

    internal ChatUpdate(StreamHead head, UpdateExtras? extras) => (_head, _extras) = (head, extras);

    UpdateExtras Extras => _extras ??= new();

    /// <summary>Zero-based position of the choice that the update belongs to; 0 for updates of the whole answer, such as usage.</summary>
    public int Index { get; init; }

    /// <summary>The next piece of text; null if this update brings none, or if text is discarded.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments in this update; counted even if text is discarded.</summary>
    public int TextBytes { get; init; }

    /// <summary>How many events the same read brought so far, this one included; at least 1.</summary>
    public int EventsInRead { get; init; }

    /// <summary>Raw timestamp of the client's clock, taken when the read returned that brought this update.</summary>
    public long ReceivedTimestamp { get; init; }

    /// <summary>Whether the update brings output: text, reasoning, a tool call, token ids or log probabilities. Not a count of tokens: a server may put several tokens in one update.</summary>
    public bool IsContent { get; init; }

    /// <summary>Why the choice ended; null in all but its last update.</summary>
    public FinishReason? FinishReason { get => _extras?.FinishReason; init => Extras.FinishReason = value; }

    /// <summary>What exactly stopped the choice; null in all but its last update.</summary>
    public StopReason? StopReason { get => _extras?.StopReason; init => Extras.StopReason = value; }

    /// <summary>The server's token counts: running ones in every update if asked for, the final ones at the end; else null.</summary>
    public Usage? Usage { get => _extras?.Usage; init => Extras.Usage = value; }

    /// <summary>Times measured by the server; in the last update, if it sends them.</summary>
    public ServerTiming? ServerTiming { get => _extras?.ServerTiming; init => Extras.ServerTiming = value; }

    /// <summary>Build of the server; in the last update, if it says so.</summary>
    public string? SystemFingerprint { get => _extras?.SystemFingerprint; init => Extras.SystemFingerprint = value; }

    /// <summary>Ids of the tokens in this update; null unless asked for.</summary>
    public IReadOnlyList<int>? TokenIds { get => _extras?.TokenIds; init => Extras.TokenIds = value; }

    /// <summary>Ids of the prompt's tokens; in the first update, if asked for.</summary>
    public IReadOnlyList<int>? PromptTokenIds { get => _extras?.PromptTokenIds; init => Extras.PromptTokenIds = value; }

    /// <summary>Log probabilities as the server sent them; null unless asked for.</summary>
    public JsonElement? Logprobs { get => _extras?.Logprobs; init => Extras.Logprobs = value; }

    /// <summary>How the call went; only in the last update of a stream.</summary>
    public CallInfo? Info { get => _extras?.Info; init => Extras.Info = value; }

    /// <summary>The server's id of the answer.</summary>
    public string ResponseId { get => _head.Id; init => _head = new() { Id = value, Model = _head.Model, Created = _head.Created }; }

    /// <summary>The model that answers.</summary>
    public string Model { get => _head.Model; init => _head = new() { Id = _head.Id, Model = value, Created = _head.Created }; }

    /// <summary>When the server began; null if it did not say.</summary>
    public DateTimeOffset? Created => _head.Created is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The next piece of reasoning; null if this update brings none.</summary>
    public string? Reasoning { get => _extras?.Reasoning; init => Extras.Reasoning = value; }

    /// <summary>Who speaks; only in the first update of a choice.</summary>
    public ChatRole? Role { get => _extras?.Role; init => Extras.Role = value; }

    /// <summary>Pieces of tool calls; empty if this update brings none.</summary>
    public IReadOnlyList<ToolCallDelta> ToolCalls { get => _extras?.ToolCalls ?? []; init => Extras.ToolCalls = value; }
}
