namespace Vllm.Load;

/// <summary>The state of the server's prefix cache when the run starts.</summary>
public enum CacheStart
{
    /// <summary>As earlier traffic left it.</summary>
    AsIs,
}
