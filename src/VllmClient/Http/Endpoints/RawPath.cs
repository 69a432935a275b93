namespace Vllm.Http;

/// <summary>Rules for paths that callers give.</summary>
static class RawPath
{
    static readonly string[] Administration =
    [
        "sleep", "wake_up", "pause", "resume", "reset_prefix_cache", "reset_mm_cache", "reset_encoder_cache", "abort_requests", "collective_rpc",
        "scale_elastic_ep", "start_profile", "stop_profile", "update_weights", "init_weight_transfer_engine", "v1/load_lora_adapter", "v1/unload_lora_adapter",
    ];

    /// <summary>The path below the root of the server.</summary>
    /// <exception cref="ArgumentException">It is no path; the message says why.</exception>
    internal static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.Contains("://", StringComparison.Ordinal) && path.IndexOf("://", StringComparison.Ordinal) < (path + "?").IndexOf('?', StringComparison.Ordinal))
            throw new ArgumentException("The path is a whole URL. Give what follows the server's address, for instance /v1/models.", nameof(path));
        if (path.Contains('#', StringComparison.Ordinal)) throw new ArgumentException("The path has a fragment, which no server sees; leave it out.", nameof(path));
        return path.TrimStart('/');
    }

    /// <summary>Whether the path changes the server itself: such a call is never sent twice.</summary>
    internal static bool IsAdministration(string path) => Administration.Contains(path.Split('?')[0].TrimEnd('/'), StringComparer.Ordinal);
}
