namespace Vllm.Load;

/// <summary>A load run was cancelled; what it found until then is in its report.</summary>
public sealed class LoadCancelledException : OperationCanceledException
{
    internal LoadCancelledException(LoadReport report, CancellationToken cancellationToken)
        : base("The load run was cancelled; its partial report is in Report.", cancellationToken) => Report = report;

    /// <summary>The partial report.</summary>
    public LoadReport Report { get; }
}
