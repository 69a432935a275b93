using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Keeps the server's counters: first tokens and gaps as they happen, the rest when a sequence ends.</summary>
sealed class TokenCounter(ServerCounters counters)
{
    public void Token(Call call, Choice choice, long at)
    {
        counters.GenerationTokens++;
        if (choice.FirstToken is null)
        {
            counters.FirstToken.Add(Seconds(at - call.Received));
            counters.PromptTokens += choice.PromptTokens;
        }
        else
        {
            counters.InterToken.Add(Seconds(at - choice.LastToken));
        }
    }

    public void Finished(Call call, Choice choice, string reason, long at)
    {
        switch (reason)
        {
            case "stop": counters.Stopped++; break;
            case "length": counters.CutByLength++; break;
            default: counters.Aborted++; break;
        }

        counters.RequestPromptTokens.Add(choice.PromptTokens);
        counters.RequestGenerationTokens.Add(choice.Tokens);
        counters.MaxGenerationTokens.Add(choice.Tokens);
        counters.ParamsN.Add(call.Request.Choices);
        counters.ParamsMaxTokens.Add(call.Request.MaxTokens ?? choice.Tokens);
        counters.EndToEnd.Add(Seconds(at - call.Received));
        counters.Preemptions.Add(0);
        counters.PrefillComputed.Add(choice.PromptTokens);
        var queued = call.Truth.Queued?.Ticks ?? call.Received;
        var scheduled = choice.Scheduled < 0 ? queued : choice.Scheduled;
        var first = choice.FirstToken ?? at;
        counters.QueueTime.Add(Seconds(scheduled - queued));
        counters.InferenceTime.Add(Seconds(at - scheduled));
        counters.PrefillTime.Add(Seconds(first - scheduled));
        counters.DecodeTime.Add(Seconds(at - first));
        if (choice.Tokens > 1)
        {
            counters.TimePerOutputToken.Add(Seconds(at - first) / (choice.Tokens - 1));
        }
    }

    static double Seconds(long ticks) => ticks / (double)TimeSpan.TicksPerSecond;
}
