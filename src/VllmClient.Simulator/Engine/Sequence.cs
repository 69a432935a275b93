namespace Vllm.Simulator.Engine;

/// <summary>One choice of one request as the engine sees it: token counts, no text.</summary>
abstract class Sequence
{
    protected Sequence(int promptTokens) => PromptTokens = promptTokens;

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

    /// <summary>The engine took the sequence from the queue.</summary>
    public abstract void OnScheduled(long at);

    /// <summary>A token was made; true when it was the last.</summary>
    public abstract bool OnToken(long at);
}
