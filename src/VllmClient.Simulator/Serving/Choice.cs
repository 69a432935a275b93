using Vllm.Simulator.Engine;
using Vllm.Simulator.Engine.Memory;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>One choice of a call: the engine's sequence and the text it speaks.</summary>
sealed class Choice(Call call, int index, int promptTokens, TokenChain? prompt, ChoiceText text) : Sequence(promptTokens, prompt)
{
    public Call Call => call;

    public int Index => index;

    /// <summary>Text made but not yet written, JSON-escaped.</summary>
    public ByteBuffer Pending { get; } = new();

    public int PendingTokens { get; set; }

    public int Tokens { get; private set; }

    /// <summary>How it ended; without a reason while it has not.</summary>
    public FinishInfo Finish { get; set; }

    public int MaxTokens => text.MaxTokens;

    public long? FirstToken { get; private set; }

    public long LastToken { get; private set; }

    public long Scheduled { get; private set; } = -1;

    public override void OnScheduled(long at)
    {
        if (Scheduled < 0)
        {
            Scheduled = at;
            call.OnScheduled(this, at);
        }
    }

    public override void OnHeld(int change) => call.OnHeld(change);

    public override void OnPreempted() => call.Truth.Preemptions++;

    public override bool OnToken(long at, bool isFirstOfStep)
    {
        var token = text.Next(Pending);
        Chain?.Add(token.Token);
        PendingTokens++;
        Tokens++;
        call.OnToken(this, token, at, isFirstOfStep);
        FirstToken ??= at;
        LastToken = at;
        return token.End != TextEnd.None;
    }
}
