using Vllm.Streaming;

namespace Vllm;

/// <summary>Reads streams of updates as a whole.</summary>
public static class VllmStreamExtensions
{
    extension(IAsyncEnumerable<ChatUpdate> stream)
    {
        /// <summary>Reads the stream to its end, and returns the answer that the server would have sent without streaming.</summary>
        /// <param name="onUpdate">Sees each update as it arrives; null for nobody.</param>
        /// <param name="cancellationToken">Stops the call.</param>
        /// <exception cref="VllmException">The call failed; what had arrived is in <see cref="VllmException.PartialResult"/>.</exception>
        public Task<ChatResult> ToResultAsync(Action<ChatUpdate>? onUpdate = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return StreamFold.ToResultAsync(stream, onUpdate, static (builder, info) => builder.ToChatResult(info), cancellationToken);
        }

        /// <summary>The pieces of text of one choice as they arrive; never an empty one.</summary>
        /// <param name="choice">Zero-based position of the choice.</param>
        /// <param name="cancellationToken">Stops the call.</param>
        /// <exception cref="VllmException">The call failed; what had arrived is in <see cref="VllmException.PartialResult"/>.</exception>
        public IAsyncEnumerable<string> TextAsync(int choice = 0, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return StreamFold.TextAsync(stream, choice, cancellationToken);
        }
    }

    extension(IAsyncEnumerable<CompletionUpdate> stream)
    {
        /// <summary>Reads the stream to its end, and returns the answer that the server would have sent without streaming.</summary>
        /// <param name="onUpdate">Sees each update as it arrives; null for nobody.</param>
        /// <param name="cancellationToken">Stops the call.</param>
        /// <exception cref="VllmException">The call failed; what had arrived is in <see cref="VllmException.PartialResult"/>.</exception>
        public Task<CompletionResult> ToResultAsync(Action<CompletionUpdate>? onUpdate = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return StreamFold.ToResultAsync(stream, onUpdate, static (builder, info) => builder.ToCompletionResult(info), cancellationToken);
        }

        /// <summary>The pieces of text of one choice as they arrive; never an empty one.</summary>
        /// <param name="choice">Zero-based position of the choice: number of the prompt times <c>n</c> plus number of the sample.</param>
        /// <param name="cancellationToken">Stops the call.</param>
        /// <exception cref="VllmException">The call failed; what had arrived is in <see cref="VllmException.PartialResult"/>.</exception>
        public IAsyncEnumerable<string> TextAsync(int choice = 0, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return StreamFold.TextAsync(stream, choice, cancellationToken);
        }
    }
}
