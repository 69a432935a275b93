using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Keeps the server's counters: first tokens and gaps as they happen, the rest when a sequence ends.</summary>
sealed class TokenCounter(ServerCounters counters)
{
    long _step;

    public void Token(Call call, Choice choice, long at, bool isFirstOfStep)
    {
        counters.GenerationTokens++;
        _step++;
        if (choice.FirstToken is null)
        {
            First(call, choice, at);
        }
        else if (isFirstOfStep)
        {
            counters.InterToken.Add(Seconds(at - choice.LastToken));
        }
    }

    /// <summary>A step has ended; one that brought no token is not counted, as vLLM sees only those that did.</summary>
    public void EndStep()
    {
        if (_step > 0)
        {
            counters.IterationTokens.Add(_step);
            _step = 0;
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
        counters.ParamsMaxTokens.Add(choice.MaxTokens);
        counters.EndToEnd.Add(Seconds(at - call.Received));
        counters.Preemptions.Add(choice.Preemptions);
        counters.PrefillComputed.Add(choice.PromptTokens - (choice.CachedTokens ?? 0));
        var queued = call.Truth.Queued?.Ticks ?? call.Received;
        var scheduled = choice.Scheduled < 0 ? queued : choice.Scheduled;
        var first = choice.FirstToken ?? at;
        counters.QueueTime.Add(Seconds(scheduled - queued));
        counters.InferenceTime.Add(Seconds(at - scheduled));
        counters.PrefillTime.Add(Seconds(first - scheduled));
        counters.DecodeTime.Add(Seconds(at - first));
        counters.TimePerOutputToken.Add(choice.Tokens > 1 ? Seconds(at - first) / (choice.Tokens - 1) : 0);
        PromptFinished(call, choice);
    }

    void First(Call call, Choice choice, long at)
    {
        var cached = choice.CachedTokens ?? 0;
        _step += choice.PromptTokens - cached;
        counters.FirstToken.Add(Seconds(at - call.Received));
        counters.PromptTokens += choice.PromptTokens;
        counters.CachedTokens += cached;
        if (choice.Chain is not null)
        {
            counters.PrefixQueries += choice.PromptTokens;
        }
    }

    /// <summary>What vLLM counts once for all choices of a prompt.</summary>
    void PromptFinished(Call call, Choice choice)
    {
        var count = call.Request.Choices;
        var first = choice.Index / count * count;
        var most = 0;
        for (var i = first; i < first + count; i++)
        {
            if (call.Choices[i].Finish.Reason is null)
            {
                return;
            }

            most = Math.Max(most, call.Choices[i].Tokens);
        }

        counters.MaxGenerationTokens.Add(most);
        counters.ParamsN.Add(count);
    }

    static double Seconds(long ticks) => ticks / (double)TimeSpan.TicksPerSecond;
}
