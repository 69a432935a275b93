using System.Runtime.CompilerServices;
using Vllm.Wire;

namespace Vllm.Streaming;

/// <summary>Reads a stream of updates to its end: as one answer, or as text.</summary>
static class StreamFold
{
    internal static async Task<TResult> ToResultAsync<TUpdate, TResult>(
        IAsyncEnumerable<TUpdate> stream, Action<TUpdate>? onUpdate, Func<AnswerBuilder, CallInfo, TResult> finish, CancellationToken cancellationToken)
        where TUpdate : GenerationUpdate
    {
        using var builder = new AnswerBuilder();
        var part = new AnswerEvent();
        await foreach (var update in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Add(builder, part, update);
            onUpdate?.Invoke(update);
        }

        return Finish(builder, finish);
    }

    internal static void Add(AnswerBuilder builder, AnswerEvent part, GenerationUpdate update)
    {
        UpdateReader.Read(update, part);
        builder.Add(part);
    }

    internal static TResult Finish<TResult>(AnswerBuilder builder, Func<AnswerBuilder, CallInfo, TResult> finish) => finish(builder, builder.Info ?? new CallInfo());

    internal static async IAsyncEnumerable<string> TextAsync<TUpdate>(IAsyncEnumerable<TUpdate> stream, int choice, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TUpdate : GenerationUpdate
    {
        await foreach (var update in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
            if (update.Index == choice && update.Text is { Length: > 0 } text) yield return text;
    }
}
