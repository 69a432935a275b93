using Vllm.Wire;

namespace Vllm.Http;

/// <summary>What a stream has shown so far: which choices have finished, how many tokens have come.</summary>
sealed class StreamProgress
{
    /// <summary>A caller who holds the enumerator this long has made the gap itself, if the read that follows does not wait.</summary>
    internal static readonly TimeSpan HeldAtLeast = TimeSpan.FromMilliseconds(1);

    readonly HashSet<int> _seen = [];
    readonly HashSet<int> _finished = [];
    int _lastSeen = -1;
    int _tokenIds;
    bool _any;

    /// <summary>An event came; true for the first.</summary>
    internal bool Event()
    {
        if (_any) return false;
        _any = true;
        return true;
    }

    /// <summary>An event brought something for a choice.</summary>
    internal void See(int choice)
    {
        if (choice == _lastSeen) return;
        _lastSeen = choice;
        _seen.Add(choice);
    }

    internal void Finish(int choice) => _finished.Add(choice);

    /// <summary>Whether every choice that has begun, and at least one, has finished.</summary>
    internal bool IsFinished => _finished.Count > 0 && _finished.Count >= _seen.Count;

    /// <summary>Whether every choice that was asked for, or that has begun, has finished.</summary>
    internal bool AllFinished(GenerationRequest? request)
    {
        var prompts = request is CompletionRequest { Prompt: { } prompt } ? (prompt.Texts?.Count ?? prompt.TokenIds?.Count ?? 1) : 1L;
        return _finished.Count >= Math.Max(_seen.Count, prompts * Math.Max(1, request?.N ?? 1));
    }

    /// <summary>Output tokens up to this event, if running usage or token ids tell.</summary>
    internal int? Tokens(AnswerChoice choice, Usage? usage)
    {
        if (choice.TokenIds is { Count: > 0 } ids) _tokenIds += ids.Count;
        return Usage.Known(usage, hasOutput: true)?.CompletionTokens ?? (_tokenIds > 0 ? _tokenIds : null);
    }
}
