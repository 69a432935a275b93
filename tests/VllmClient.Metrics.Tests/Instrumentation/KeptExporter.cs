using OpenTelemetry;

namespace Vllm.Tests.Instrumentation;

/// <summary>Keeps what is exported. Of the SDK's own parts alone, so that it builds against every version of it.</summary>
sealed class KeptExporter<T>(ICollection<T> kept) : BaseExporter<T> where T : class
{
    public override ExportResult Export(in Batch<T> batch)
    {
        foreach (var item in batch) kept.Add(item);
        return ExportResult.Success;
    }
}
