using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Vllm.Tests.Benchmarks;

/// <summary>The same stream read by the libraries that a user would otherwise take, and by the adapter that puts this client behind their interface.</summary>
static class PeerVariants
{
    internal static OpenAI.Chat.ChatClient OpenAI(HttpClient http, Uri server) => new(
        "tiny", new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new(server, "/v1"), Transport = new HttpClientPipelineTransport(http) });

    internal static async Task<StreamTally> ReadAsync(OpenAI.Chat.ChatClient client)
    {
        var events = 0;
        await foreach (var update in client.CompleteChatStreamingAsync([new OpenAI.Chat.UserChatMessage(ChatEvents.Prompt)]))
        {
            if (update.ContentUpdate.Count > 0) events++;
        }

        return new(events, 0);
    }

    internal static async Task<StreamTally> ReadAsync(IChatClient client)
    {
        var events = 0;
        await foreach (var update in client.GetStreamingResponseAsync(ChatEvents.Prompt))
        {
            if (update.Contents.Count > 0) events++;
        }

        return new(events, 0);
    }
}
