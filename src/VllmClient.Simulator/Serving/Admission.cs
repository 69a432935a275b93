using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Decides whether a request may join those that are open.</summary>
static class Admission
{
    /// <summary>The refusal, counted, or null.</summary>
    public static ApiError? Check(Call call, IReadOnlyCollection<Call> open, SimulatorOptions options, ServerCounters counters)
    {
        if (options.QueueLimit is { } limit && Unfinished(open) + call.Choices.Count > limit)
        {
            counters.RejectedByRequests++;
            return ApiError.QueueFull;
        }

        if (options.QueuedTokenLimit is { } tokens && Uncomputed(open) >= tokens)
        {
            counters.RejectedByTokens++;
            return ApiError.QueueFull;
        }

        return null;
    }

    static int Unfinished(IEnumerable<Call> open) =>
        open.Where(static call => call.IsAdmitted).Sum(static call => call.Choices.Count(static choice => !choice.IsFinished));

    static int Uncomputed(IEnumerable<Call> open) => open.Where(static call => call.IsAdmitted)
        .Sum(static call => call.Choices.Sum(static choice => Math.Max(0, choice.PromptTokens - choice.Computed)));
}
