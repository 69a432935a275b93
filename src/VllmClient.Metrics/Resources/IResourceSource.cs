namespace Vllm.Resources;

/// <summary>A source of resource figures. The probe reads it once a tick and never twice at the same time.</summary>
public interface IResourceSource
{
    /// <summary>Its name, unique among the sources of its target; shown as the origin of what it gives.</summary>
    string Name { get; }

    /// <summary>The target that its figures are of: <c>app</c>, the name of a server, or one of its own.</summary>
    string Target { get; }

    /// <summary>Reads the figures as they are now. Counters are given as they are; the probe makes rates of them.</summary>
    /// <param name="cancellationToken">Cancelled when the probe stops, or when the source took too long.</param>
    /// <remarks>An exception makes the source <see cref="ResourceSourceState.Failing"/>, with its message as the reason, so it must hold no secret.</remarks>
    ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default);
}
