namespace Vllm.Load;

/// <summary>A load run did not meet its objectives.</summary>
public sealed class LoadObjectivesException : Exception
{
    /// <summary>Creates the exception; also for tests of code that catches it.</summary>
    /// <param name="report">The report of the run; its objectives become the message.</param>
    public LoadObjectivesException(LoadReport report)
        : base(Describe(report)) => Report = report;

    /// <summary>The run's report.</summary>
    public LoadReport Report { get; }

    static string Describe(LoadReport report)
    {
        var lines = report.Objectives.Select(o => $"{o.Outcome}: {o.Message}");
        var reasons = report.Reasons.Where(r => report.Objectives.All(o => o.Message != r));
        return string.Join(Environment.NewLine, [$"The load run '{report.Plan.Name}' ended with the verdict {report.Verdict}.", .. reasons, .. lines]);
    }
}
