namespace Vllm.Load;

/// <summary>One call of a measured turn; times in ticks, -1 where there is none.</summary>
readonly record struct CallSample(string Step, long Started, bool IsFailed, bool IsCompleted, long TimeToFirstToken, long Duration);
