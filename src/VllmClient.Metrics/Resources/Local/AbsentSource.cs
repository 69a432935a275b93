namespace Vllm.Resources;

/// <summary>A source that is known to have nothing, so that the reason is shown where the figures would be.</summary>
sealed class AbsentSource(string name, string reason, string target = ResourceProbe.AppTarget) : IResourceSource
{
    public string Name => name;

    public string Target => target;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default) => new(ResourceReading.Absent(reason));
}
