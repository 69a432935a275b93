namespace Vllm;

/// <summary>What an adapter tells of the client below it.</summary>
interface IClientFacts
{
    Uri BaseUrl { get; }

    string? DefaultModel { get; }

    string ProviderName { get; }
}
