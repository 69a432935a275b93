using System.Text.Json;

namespace Vllm;

/// <summary>One item of a response or of its input: a message, reasoning, the call of a function or its result. An open set: <see cref="Json"/> holds all of an item that came from a server.</summary>
public sealed record ResponsesItem
{
    /// <summary>The kind of item: <c>message</c>, <c>reasoning</c>, <c>function_call</c>, <c>function_call_output</c> and others.</summary>
    public required string Type { get; init; }

    /// <summary>The item's id; null if it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Who speaks in a message; null for other items.</summary>
    public ChatRole? Role { get; init; }

    /// <summary>How far the item has come; null if the server did not say.</summary>
    public ResponsesStatus? Status { get; init; }

    /// <summary>The parts of a message or of reasoning, in order; empty if there are none.</summary>
    public IReadOnlyList<ResponsesPart> Content { get => field ?? []; init; }

    /// <summary>The parts of a summary of reasoning, in order; empty with vLLM, which puts reasoning into <see cref="Content"/>.</summary>
    public IReadOnlyList<ResponsesPart> Summary { get => field ?? []; init; }

    /// <summary>The name of the function called; null for other items.</summary>
    public string? Name { get; init; }

    /// <summary>The id by which a function's result refers to its call; null for other items.</summary>
    public string? CallId { get; init; }

    /// <summary>The arguments of a function call as the model wrote them: usually a JSON object, but a model can write anything. Null for other items.</summary>
    public string? Arguments { get; init; }

    /// <summary>The result of a function, for an item of type <c>function_call_output</c>; null for other items.</summary>
    public string? Output { get; init; }

    /// <summary>The whole item as JSON; if set, it is sent as it is, and the other properties are not. Null for items made here.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The texts of the content, joined; empty if there are none.</summary>
    public string Text => string.Concat(Content.Select(part => part.Text));

    /// <summary>Creates a message of the system.</summary>
    public static ResponsesItem System(string text) => Message(ChatRole.System, text);

    /// <summary>Creates a message of the developer.</summary>
    public static ResponsesItem Developer(string text) => Message(ChatRole.Developer, text);

    /// <summary>Creates a message of the user, of one part or several.</summary>
    public static ResponsesItem User(params IReadOnlyList<ResponsesPart> parts) => new() { Type = "message", Role = ChatRole.User, Content = parts };

    /// <summary>Creates a message of the model, as history.</summary>
    public static ResponsesItem Assistant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Type = "message", Role = ChatRole.Assistant, Content = [new() { Type = "output_text", Text = text }] };
    }

    /// <summary>Creates the answer to a function call.</summary>
    /// <param name="callId">The <see cref="CallId"/> of the call.</param>
    /// <param name="output">What the function returned.</param>
    public static ResponsesItem FunctionOutput(string callId, string output)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(callId);
        ArgumentNullException.ThrowIfNull(output);
        return new() { Type = "function_call_output", CallId = callId, Output = output };
    }

    /// <summary>Makes a message of the user of a string.</summary>
    public static implicit operator ResponsesItem(string text) => FromText(text);

    /// <summary>Makes a message of the user of a string.</summary>
    public static ResponsesItem FromText(string text) => Message(ChatRole.User, text);

    /// <summary>Names the kind only: content never reaches logs by accident.</summary>
    public override string ToString() => $"ResponsesItem({Type})";

    static ResponsesItem Message(ChatRole role, string text) => new() { Type = "message", Role = role, Content = [ResponsesPart.FromText(text)] };
}
