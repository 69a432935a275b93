namespace Vllm;

/// <summary>One update of a completion stream.</summary>
public sealed class CompletionUpdate : GenerationUpdate;
