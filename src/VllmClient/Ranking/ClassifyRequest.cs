namespace Vllm;

/// <summary>A request to <c>/classify</c>.</summary>
public sealed record ClassifyRequest : PoolingInputRequest
{
    /// <summary>Asks for the class of one text.</summary>
    public static implicit operator ClassifyRequest(string text) => FromText(text);

    /// <summary>Asks for the class of one text.</summary>
    public static ClassifyRequest FromText(string text) => new() { Input = text };
}
