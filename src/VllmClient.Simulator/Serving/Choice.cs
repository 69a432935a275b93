using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>One choice of a call: the engine's sequence and the text it speaks.</summary>
sealed class Choice(Call call, int index, int promptTokens, ChoiceText text) : Sequence(promptTokens)
{
    public Call Call => call;

    public int Index => index;

    /// <summary>Text made but not yet written, JSON-escaped.</summary>
    public ByteBuffer Pending { get; } = new();

    public int PendingTokens { get; set; }

    public int Tokens { get; private set; }

    public FinishInfo Finish { get; set; }

    public long? FirstToken { get; private set; }

    public long LastToken { get; private set; }

    public long Scheduled { get; private set; } = -1;

    public override void OnScheduled(long at)
    {
        if (Scheduled < 0)
        {
            Scheduled = at;
            call.OnScheduled(at);
        }
    }

    public override bool OnToken(long at)
    {
        var token = text.Next(Pending);
        PendingTokens++;
        Tokens++;
        call.OnToken(this, token, at);
        FirstToken ??= at;
        LastToken = at;
        return token.End != TextEnd.None;
    }
}
