namespace Vllm.Resources;

/// <summary>Why a source cannot be read, in words that may be shown: no key, header, query or body.</summary>
/// <param name="reason">The reason.</param>
/// <param name="inner">What caused it.</param>
sealed class SourceFailure(string reason, Exception? inner = null) : Exception(reason, inner);
