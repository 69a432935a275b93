using System.Text.Json;

namespace Vllm;

/// <summary>One event of a streamed response. An open set: an event this version does not know is kept as it came, in <see cref="Raw"/>.</summary>
public sealed record ResponsesEvent
{
    /// <summary>Names the event of a piece of the answer's text; <see cref="Delta"/> holds it.</summary>
    public const string TextDelta = "response.output_text.delta";

    /// <summary>Names the event of a piece of reasoning; <see cref="Delta"/> holds it.</summary>
    public const string ReasoningDelta = "response.reasoning_text.delta";

    /// <summary>Names the event of a piece of a function's arguments; <see cref="Delta"/> holds it.</summary>
    public const string ArgumentsDelta = "response.function_call_arguments.delta";

    /// <summary>The event's name, for instance <see cref="TextDelta"/> or <c>response.output_item.done</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The whole text of a part, in the event that ends it (<c>….done</c>); else null.</summary>
    public string? Text { get; init; }

    /// <summary>The next piece of text, reasoning or arguments, in events named <c>….delta</c>; else null.</summary>
    public string? Delta { get; init; }

    /// <summary>The id of the item that the event is about; null for events of the whole response.</summary>
    public string? ItemId { get; init; }

    /// <summary>Zero-based position of the item in the output; null for events of the whole response.</summary>
    public int? OutputIndex { get; init; }

    /// <summary>Position of the event in the stream, from 0; null if the server did not say.</summary>
    public int? SequenceNumber { get; init; }

    /// <summary>The item as of now, in events that begin or end one; else null.</summary>
    public ResponsesItem? Item { get; init; }

    /// <summary>The response as of now, in events of the whole response; the last event of a stream holds all of it. Else null.</summary>
    public ResponsesResult? Response { get; init; }

    /// <summary>The whole event as it came.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>Names the event only: content never reaches logs by accident.</summary>
    public override string ToString() => $"ResponsesEvent({Type})";
}
