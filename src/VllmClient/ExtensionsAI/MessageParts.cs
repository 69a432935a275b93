using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Collects what one message of Microsoft.Extensions.AI says.</summary>
sealed class MessageParts
{
    readonly List<ChatPart> _parts = [];
    readonly List<ToolCall> _calls = [];
    string? _reasoning;
    string? _refusal;

    internal bool IsEmpty => _parts.Count == 0 && _calls.Count == 0 && _reasoning is null && _refusal is null;

    /// <summary>Takes a content; false if chats have no form for it.</summary>
    internal bool Add(AI.AIContent content)
    {
        switch (content)
        {
            case AI.TextContent text:
                _parts.Add(new TextPart(text.Text));
                return true;
            case AI.TextReasoningContent reasoning:
                _reasoning += reasoning.Text;
                return true;
            case AI.FunctionCallContent call:
                _calls.Add(ToolMapping.Call(call));
                return true;
            case AI.ErrorContent { ErrorCode: ResponseMapping.RefusalCode } refusal:
                _refusal += refusal.Message;
                return true;
            case AI.UsageContent:
                return true;
            default:
                if (Media(content) is not { } part) return false;
                _parts.Add(part);
                return true;
        }
    }

    internal ChatMessage ToMessage(ChatRole role, string? name)
    {
        var message = new ChatMessage
        {
            Role = role,
            Name = string.IsNullOrEmpty(name) ? null : name,
            Reasoning = _reasoning,
            Refusal = _refusal,
            ToolCalls = _calls,
        };
        if (_parts.Count > 1 && (role == ChatRole.User || !_parts.TrueForAll(part => part is TextPart))) return message with { Parts = _parts };
        if (_parts is [not TextPart]) return message with { Parts = _parts };
        if (_parts.Count > 0) return message with { Content = string.Concat(_parts.OfType<TextPart>().Select(part => part.Text)) };
        return IsEmpty ? message with { Content = "" } : message;
    }

    static ChatPart? Media(AI.AIContent content) => content switch
    {
        { RawRepresentation: ChatPart own } => own,
        AI.DataContent image when image.HasTopLevelMediaType("image") => ImagePart.FromBytes(image.Data, image.MediaType) with { Detail = Detail(image) },
        AI.DataContent audio when audio.HasTopLevelMediaType("audio") => AudioPart.FromBytes(audio.Data, Format(audio.MediaType)),
        AI.DataContent video when video.HasTopLevelMediaType("video") => VideoPart.FromBytes(video.Data, video.MediaType),
        AI.UriContent image when image.HasTopLevelMediaType("image") => ImagePart.FromUrl(image.Uri.OriginalString) with { Detail = Detail(image) },
        AI.UriContent audio when audio.HasTopLevelMediaType("audio") => AudioPart.FromUrl(audio.Uri.OriginalString),
        AI.UriContent video when video.HasTopLevelMediaType("video") => VideoPart.FromUrl(video.Uri.OriginalString),
        _ => null,
    };

    static ImageDetail? Detail(AI.AIContent image) => image.AdditionalProperties?.TryGetValue("detail", out var detail) is true && detail is string word ? new ImageDetail(word) : null;

    // The names that servers know, for media types that spell them otherwise.
    static string Format(string mediaType) => mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..] switch
    {
        "mpeg" => "mp3",
        "x-wav" or "wave" or "vnd.wave" => "wav",
        "x-flac" => "flac",
        var other => other,
    };
}
