namespace Vllm.Load;

/// <summary>A plan cannot run.</summary>
public sealed class LoadPlanException : ArgumentException
{
    /// <summary>Creates the exception; also for tests of code that catches it.</summary>
    /// <param name="errors">Everything that is wrong with the plan, a sentence each.</param>
    public LoadPlanException(IReadOnlyList<string> errors)
        : base($"The load plan cannot run: {string.Join("; ", errors)}.") => Errors = errors;

    /// <summary>Everything that is wrong with it, a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
