namespace Vllm;

/// <summary>Tells the options that are built into connections from those that may differ between clients of one pool.</summary>
static class TransportOptions
{
    /// <summary>The name of an option of the connections that differs; null if none does.</summary>
    internal static string? Changed(VllmClientOptions before, VllmClientOptions after)
    {
        if (before.ConnectTimeout != after.ConnectTimeout) return nameof(before.ConnectTimeout);
        if (before.PooledConnectionIdleTimeout != after.PooledConnectionIdleTimeout) return nameof(before.PooledConnectionIdleTimeout);
        if (before.PooledConnectionLifetime != after.PooledConnectionLifetime) return nameof(before.PooledConnectionLifetime);
        if (before.MaxConnectionsPerServer != after.MaxConnectionsPerServer) return nameof(before.MaxConnectionsPerServer);
        if (before.KeepDefaultResilienceHandlers != after.KeepDefaultResilienceHandlers) return nameof(before.KeepDefaultResilienceHandlers);
        if (before.KeepHttpClientLogs != after.KeepHttpClientLogs) return nameof(before.KeepHttpClientLogs);
        return before.Telemetry.PropagateContext != after.Telemetry.PropagateContext ? "Telemetry.PropagateContext" : null;
    }
}
