using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>Chats that go on, and chats that answer in a type.</summary>
public static class VllmChatExtensions
{
    extension(IVllmClient client)
    {
        /// <summary>Asks for an answer as JSON of a type. The schema of the type is sent, and the server holds the output to it.</summary>
        /// <typeparam name="T">The type of the answer.</typeparam>
        /// <param name="request">What to ask.</param>
        /// <param name="type">Source-generated type information.</param>
        /// <param name="options">Settings of this call alone.</param>
        /// <param name="cancellationToken">Stops the call.</param>
        /// <returns>The answer, whose <see cref="ChatResult{T}.Value"/> is the value or throws the reason why there is none.</returns>
        /// <exception cref="ArgumentException">The request has a <see cref="GenerationRequest.ResponseFormat"/> or <see cref="GenerationRequest.StructuredOutput"/> of its own, or cannot be sent as it is.</exception>
        /// <exception cref="VllmException">The call failed; see the derived types.</exception>
        public async Task<ChatResult<T>> ChatAsync<T>(ChatRequest request, JsonTypeInfo<T> type, VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(client);
            ArgumentNullException.ThrowIfNull(request);
            ArgumentNullException.ThrowIfNull(type);
            if (request is { ResponseFormat: not null } or { StructuredOutput: not null })
                throw new ArgumentException("ChatAsync<T> sends the schema of T as the response format. Leave ResponseFormat and StructuredOutput null.", nameof(request));
            var result = await client.ChatAsync(request with { ResponseFormat = ResponseFormat.JsonSchema(type) }, options, cancellationToken).ConfigureAwait(false);
            return new ChatResult<T>(result, type);
        }
    }

    extension(ChatRequest request)
    {
        /// <summary>The request that goes on from an answer: the messages so far, the answer with its reasoning and tool calls, and what comes next.</summary>
        /// <param name="result">The answer to this request; its first choice becomes history.</param>
        /// <param name="next">What comes next: the user's next message, or the answers to tool calls.</param>
        /// <exception cref="ArgumentException"><paramref name="result"/> has no choice.</exception>
        public ChatRequest Continue(ChatResult result, params IReadOnlyList<ChatMessage> next)
        {
            ArgumentNullException.ThrowIfNull(request);
            ArgumentNullException.ThrowIfNull(result);
            ArgumentNullException.ThrowIfNull(next);
            if (result.Message is not { } answer) throw new ArgumentException("The answer has no choice to go on from.", nameof(result));
            return request with { Messages = [.. request.Messages, answer, .. next] };
        }
    }
}
