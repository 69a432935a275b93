using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Makes a conversation of messages of Microsoft.Extensions.AI.</summary>
static class MessageMapping
{
    internal static IReadOnlyList<ChatMessage> Messages(IEnumerable<AI.ChatMessage> messages, string? instructions, SortedSet<string> skipped)
    {
        var mapped = new List<ChatMessage>();
        if (!string.IsNullOrWhiteSpace(instructions)) mapped.Add(ChatMessage.System(instructions));
        foreach (var message in messages) Add(mapped, message, skipped);
        return mapped;
    }

    static void Add(List<ChatMessage> mapped, AI.ChatMessage message, SortedSet<string> skipped)
    {
        if (message is { Contents.Count: 0, RawRepresentation: ChatMessage own })
        {
            mapped.Add(own);
            return;
        }

        // Each result of a function is a message of its own: after the calls, but before what a user adds.
        var parts = new MessageParts();
        var results = new List<ChatMessage>();
        foreach (var content in message.Contents)
        {
            if (content is AI.FunctionResultContent result) results.Add(ChatMessage.Tool(result.CallId, ToolMapping.Result(result)));
            else if (message.Role == AI.ChatRole.Tool || !parts.Add(content)) skipped.Add(content.GetType().Name);
        }

        if (message.Role != AI.ChatRole.Assistant) mapped.AddRange(results);
        if (!parts.IsEmpty || (results.Count == 0 && message.Role != AI.ChatRole.Tool))
            mapped.Add(parts.ToMessage(new ChatRole(message.Role.Value), message.AuthorName));
        if (message.Role == AI.ChatRole.Assistant) mapped.AddRange(results);
    }
}
