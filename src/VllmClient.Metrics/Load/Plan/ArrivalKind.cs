namespace Vllm.Load;

/// <summary>How arrivals scatter around their rate.</summary>
public enum ArrivalKind
{
    /// <summary>Independent arrivals: exponential gaps.</summary>
    Poisson,

    /// <summary>Equal gaps.</summary>
    Even,
}
