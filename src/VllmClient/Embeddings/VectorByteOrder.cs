namespace Vllm;

/// <summary>The order of bytes within a number of a vector.</summary>
public enum VectorByteOrder
{
    /// <summary>Lowest byte first, as on every usual machine.</summary>
    Little,

    /// <summary>Highest byte first.</summary>
    Big,
}
