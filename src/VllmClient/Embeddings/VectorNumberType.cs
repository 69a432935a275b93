namespace Vllm;

/// <summary>The type of number that vectors travel in; they arrive as 32-bit floating point numbers in any case. Newer servers only.</summary>
public enum VectorNumberType
{
    /// <summary>32 bits, IEEE 754: nothing is lost.</summary>
    F32,

    /// <summary>16 bits, IEEE 754.</summary>
    F16,

    /// <summary>16 bits: the upper half of a 32-bit number.</summary>
    BF16,

    /// <summary>8 bits: 4 of exponent, 3 of fraction, no infinity.</summary>
    F8E4M3,

    /// <summary>8 bits: 5 of exponent, 2 of fraction.</summary>
    F8E5M2,
}
