using System.Text.Json;

namespace Vllm;

/// <summary>What one event of a stream brings for one choice.</summary>
public abstract class GenerationUpdate
{
    StreamHead _head = StreamHead.None;
    int _index;
    string? _text;
    int _textBytes;
    int _eventsInRead;
    long _receivedTimestamp;
    bool _isContent;

    private protected GenerationUpdate() { }

    /// <summary>Zero-based position of the choice that the update belongs to; 0 for updates of the whole answer, such as usage.</summary>
    public int Index { get => _index; init => _index = value; }

    /// <summary>The next piece of text; null if this update brings none, or if text is discarded.</summary>
    public string? Text { get => _text; init => _text = value; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments in this update; counted even if text is discarded.</summary>
    public int TextBytes { get => _textBytes; init => _textBytes = value; }

    /// <summary>How many events the same read brought so far, this one included; at least 1.</summary>
    public int EventsInRead { get => _eventsInRead; init => _eventsInRead = value; }

    /// <summary>Raw timestamp of the client's clock, taken when the read returned that brought this update.</summary>
    public long ReceivedTimestamp { get => _receivedTimestamp; init => _receivedTimestamp = value; }

    /// <summary>Whether the update brings output: text, reasoning, a tool call, token ids or log probabilities. Not a count of tokens: a server may put several tokens in one update.</summary>
    public bool IsContent { get => _isContent; init => _isContent = value; }

    /// <summary>Why the choice ended; null in all but its last update.</summary>
    public FinishReason? FinishReason { get => Rare?.FinishReason; init => RareMembers.FinishReason = value; }

    /// <summary>What exactly stopped the choice; null in all but its last update.</summary>
    public StopReason? StopReason { get => Rare?.StopReason; init => RareMembers.StopReason = value; }

    /// <summary>The server's token counts: running ones in every update if asked for, the final ones at the end; else null. Null too for nothing but zeros once output has come.</summary>
    public Usage? Usage { get => Rare is { IsUsageUnknown: false } ? Rare.Usage : null; init => RareMembers.Usage = value; }

    /// <summary>Times measured by the server; in the last update, if it sends them.</summary>
    public ServerTiming? ServerTiming { get => Rare?.ServerTiming; init => RareMembers.ServerTiming = value; }

    /// <summary>Build of the server; in the last update, if it says so.</summary>
    public string? SystemFingerprint { get => Rare?.SystemFingerprint; init => RareMembers.SystemFingerprint = value; }

    /// <summary>Ids of the tokens in this update; null unless asked for.</summary>
    public IReadOnlyList<int>? TokenIds { get => Rare?.TokenIds; init => RareMembers.TokenIds = value; }

    /// <summary>Ids of the prompt's tokens; in the first update, if asked for.</summary>
    public IReadOnlyList<int>? PromptTokenIds { get => Rare?.PromptTokenIds; init => RareMembers.PromptTokenIds = value; }

    /// <summary>The tokens of this update with their log probabilities, in order; null unless asked for.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get => Rare?.Logprobs; init => RareMembers.Logprobs = value; }

    /// <summary>The whole event as it came; null unless <see cref="VllmRequestOptions.CaptureRaw"/> asks for it.</summary>
    public JsonElement? Raw { get => Rare?.Raw; init => RareMembers.Raw = value; }

    /// <summary>How the call goes so far, and how it went once the stream has ended: all updates of a stream share it. Null before the head arrived.</summary>
    public CallInfo? Info { get => _head.Info; init => _head = _head with { Info = value }; }

    /// <summary>The server's id of the answer.</summary>
    public string ResponseId { get => _head.Id; init => _head = _head with { Id = value }; }

    /// <summary>The model that answers.</summary>
    public string Model { get => _head.Model; init => _head = _head with { Model = value }; }

    /// <summary>When the server began; null if it did not say.</summary>
    public DateTimeOffset? Created => _head.CreatedAt;

    /// <summary>What all updates of the stream share.</summary>
    internal StreamHead Head => _head;

    /// <summary>The counts as the server said them, zeros too: whoever folds a stream judges the last of them at its end.</summary>
    internal Usage? ReportedUsage => Rare?.Usage;

    private protected UpdateExtras? Rare { get; private set; }

    private protected UpdateExtras RareMembers => Rare ??= new();

    /// <summary>Takes over what an event brings. With discarded text one update serves a whole stream.</summary>
    internal void Fill(StreamHead head, int index, string? text, int textBytes, bool isContent, long receivedTimestamp, int eventsInRead, UpdateExtras? rare)
    {
        _head = head;
        _index = index;
        _text = text;
        _textBytes = textBytes;
        _isContent = isContent;
        _receivedTimestamp = receivedTimestamp;
        _eventsInRead = eventsInRead;
        Rare = rare;
    }
}
