namespace Vllm.Load;

/// <summary>A load run was cancelled; what it found until then is in its report.</summary>
public sealed class LoadCancelledException : OperationCanceledException
{
    /// <summary>Creates the exception; also for tests of code that catches it.</summary>
    /// <param name="report">The partial report.</param>
    /// <param name="cancellationToken">The token that fired.</param>
    public LoadCancelledException(LoadReport report, CancellationToken cancellationToken)
        : base("The load run was cancelled; its partial report is in Report.", cancellationToken) => Report = report;

    /// <summary>The partial report.</summary>
    public LoadReport Report { get; }
}
