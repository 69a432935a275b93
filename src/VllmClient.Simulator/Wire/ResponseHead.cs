namespace Vllm.Simulator.Wire;

/// <summary>Status and headers, in the order sent.</summary>
sealed record ResponseHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers);
