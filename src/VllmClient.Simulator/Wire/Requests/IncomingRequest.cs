namespace Vllm.Simulator.Wire;

/// <summary>A request as either transport read it.</summary>
sealed record IncomingRequest
{
    public required string Method { get; init; }

    /// <summary>The path without query.</summary>
    public required string Path { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    public string? Authorization { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The header <c>x-simulator</c>, which steers this one request.</summary>
    public string? Steering { get; init; }

    /// <summary>The transport wants chunked framing in the bytes.</summary>
    public bool IsFramed { get; init; }
}
