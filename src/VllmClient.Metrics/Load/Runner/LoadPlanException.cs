namespace Vllm.Load;

/// <summary>A plan cannot run.</summary>
public sealed class LoadPlanException : ArgumentException
{
    internal LoadPlanException(IReadOnlyList<string> errors)
        : base($"The load plan cannot run: {string.Join("; ", errors)}.") => Errors = errors;

    /// <summary>Everything that is wrong with it, a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
