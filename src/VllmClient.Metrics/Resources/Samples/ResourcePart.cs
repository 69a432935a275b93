namespace Vllm.Resources;

/// <summary>What every part of a sample says about itself.</summary>
public abstract record ResourcePart
{
    private protected ResourcePart() { }

    /// <summary>Name of the source that gave the part.</summary>
    public string Source { get; init; } = "";

    /// <summary>When the part was read, a raw timestamp of the probe's clock; for a scrape the middle of the exchange.</summary>
    public long Timestamp { get; init; }
}
