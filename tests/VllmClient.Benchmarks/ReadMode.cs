namespace Vllm.Tests.Benchmarks;

/// <summary>How events share reads.</summary>
enum ReadMode
{
    /// <summary>As many events per read as the socket gives.</summary>
    Coalesced,

    /// <summary>The producer pauses between events, so that each read brings one.</summary>
    OnePerRead,
}
