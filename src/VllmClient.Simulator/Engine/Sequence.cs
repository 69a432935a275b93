using Vllm.Simulator.Engine.Memory;

namespace Vllm.Simulator.Engine;

/// <summary>One choice of one request as the engine sees it: token counts, blocks, no text.</summary>
abstract class Sequence
{
    protected Sequence(int promptTokens, TokenChain? prompt = null)
    {
        PromptTokens = promptTokens;
        Chain = prompt is null ? null : new TokenChain(prompt);
    }

    public int PromptTokens { get; }

    public int Generated { get; set; }

    /// <summary>Tokens whose keys and values are in the cache.</summary>
    public int Computed { get; set; }

    /// <summary>The chunk of the running step.</summary>
    public int Chunk { get; set; }

    public bool IsFinished { get; set; }

    /// <summary>The client has gone; the next step drops the sequence.</summary>
    public bool IsGone { get; set; }

    public int Total => PromptTokens + Generated;

    /// <summary>What its blocks are found by; null: nothing of it is ever found.</summary>
    public TokenChain? Chain { get; }

    /// <summary>The blocks held, in the order of their tokens.</summary>
    public List<int> Held { get; } = [];

    /// <summary>The first of the held blocks that can be found by others.</summary>
    public int Remembered { get; set; }

    /// <summary>Prompt tokens found in the cache when it was first admitted; null before.</summary>
    public int? CachedTokens { get; set; }

    public int Preemptions { get; set; }

    /// <summary>The engine took the sequence from the queue.</summary>
    public abstract void OnScheduled(long at);

    /// <summary>A token was made; true when it was the last.</summary>
    /// <param name="at">The end of the step.</param>
    /// <param name="isFirstOfStep">False for the further tokens of a speculative step.</param>
    public abstract bool OnToken(long at, bool isFirstOfStep);

    /// <summary>It holds this many blocks more, or less.</summary>
    public virtual void OnHeld(int change)
    {
    }

    /// <summary>Its blocks were taken away; it waits again.</summary>
    public virtual void OnPreempted()
    {
    }
}
