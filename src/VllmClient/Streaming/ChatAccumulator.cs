using Vllm.Streaming;
using Vllm.Wire;

namespace Vllm;

/// <summary>Puts the updates of a chat stream together into the answer that the server would have sent without streaming.</summary>
/// <remarks>Not for use by several threads at once. Updates of a stream with <see cref="VllmRequestOptions.DiscardText"/> have no text to put together.</remarks>
#pragma warning disable CA1001 // Its pooled memory may as well go to the garbage collector: a user should not have to dispose what looks like a list.
public sealed class ChatAccumulator
#pragma warning restore CA1001
{
    readonly AnswerBuilder _builder = new();
    readonly AnswerEvent _event = new();

    /// <summary>Adds the next update.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="update"/> is null.</exception>
    public void Add(ChatUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        StreamFold.Add(_builder, _event, update);
    }

    /// <summary>The answer so far; complete once the stream has ended.</summary>
    public ChatResult ToResult() => StreamFold.Finish(_builder, static (builder, info) => builder.ToChatResult(info));
}
