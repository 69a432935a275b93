using Vllm.Wire;

namespace Vllm.Http;

/// <summary>What differs between chat and completions once the bytes are there.</summary>
abstract class AnswerKind<TResult, TUpdate> where TResult : GenerationResult where TUpdate : GenerationUpdate
{
    internal abstract TResult Result(AnswerBuilder builder, CallInfo info);

    internal abstract TUpdate NewUpdate();
}

/// <summary>Chat answers.</summary>
sealed class ChatAnswers : AnswerKind<ChatResult, ChatUpdate>
{
    internal static ChatAnswers Instance { get; } = new();

    internal override ChatResult Result(AnswerBuilder builder, CallInfo info) => builder.ToChatResult(info);

    internal override ChatUpdate NewUpdate() => new();
}

/// <summary>Completion answers.</summary>
sealed class CompletionAnswers : AnswerKind<CompletionResult, CompletionUpdate>
{
    internal static CompletionAnswers Instance { get; } = new();

    internal override CompletionResult Result(AnswerBuilder builder, CallInfo info) => builder.ToCompletionResult(info);

    internal override CompletionUpdate NewUpdate() => new();
}
