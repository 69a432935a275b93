namespace Vllm.Load;

/// <summary>A consistency check of a run's own record.</summary>
/// <remarks>Definition: measuring.md#self-checks.</remarks>
public sealed record CheckResult
{
    /// <summary>The check, for instance <c>check-sum</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it passed; null if it could not be made.</summary>
    public bool? Passed { get; init; }

    /// <summary>What the figure should have been; null if the check compares no single figure.</summary>
    public double? Expected { get; init; }

    /// <summary>What it was; null if the check compares no single figure.</summary>
    public double? Actual { get; init; }

    /// <summary>The check in one sentence.</summary>
    public string Message { get; init; } = "";
}
