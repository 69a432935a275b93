namespace Vllm.Load;

/// <summary>How the turns of a phase with a rate arrive. Default: <see cref="Poisson"/>.</summary>
public readonly record struct Arrivals
{
    /// <summary>How arrivals scatter.</summary>
    public ArrivalKind Kind { get; init; }

    /// <summary>Independent arrivals, as many users make them: exponential gaps, the first after one gap.</summary>
    public static Arrivals Poisson => default;

    /// <summary>Equal gaps, the first arrival at once.</summary>
    public static Arrivals Even => new() { Kind = ArrivalKind.Even };
}
