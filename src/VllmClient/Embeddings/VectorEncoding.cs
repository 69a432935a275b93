namespace Vllm;

/// <summary>How vectors travel. The numbers are the same in all three.</summary>
public enum VectorEncoding
{
    /// <summary>Each vector as base64 of its bytes: a quarter of the size of decimal numbers.</summary>
    Base64,

    /// <summary>Each vector as a list of decimal numbers, which every server understands.</summary>
    Numbers,

    /// <summary>All vectors as one stream of bytes, described in a header: the smallest. Needs a newer server.</summary>
    Bytes,
}
