using Vllm.Load;

namespace Vllm.Reports;

/// <summary>The one line a second of a run in progress.</summary>
static class SnapshotText
{
    public static string Line(LoadSnapshot snapshot, ReportLanguage language)
    {
        string Counted(Label label, long count) => $"{language.Text(label).ToLowerInvariant()} {NumberText.Count(count)}";
        var error = snapshot.LastErrorType is { } type ? $" ({DisplayText.Clean(type, 24)})" : "";
        var dropped = snapshot.Dropped > 0 ? " " + Counted(Label.Dropped, snapshot.Dropped) : "";
        var tokens = $"{NumberText.Fixed(snapshot.OutputTokensPerSecond, 0)} {language.Text(Label.TokensPerSecond)}";
        return string.Join(" | ",
            $"{NumberText.Clock(snapshot.Elapsed)} {PhaseText.Name(snapshot.Phase, 24, language)}",
            $"{Counted(Label.StartedCount, snapshot.Started)} {Counted(Label.Done, snapshot.Completed)} {Counted(Label.Failed, snapshot.Failed)}{error}{dropped}",
            $"{Counted(Label.InFlight, snapshot.InFlight)} {Counted(Label.Backlog, snapshot.Backlog)}",
            $"{NumberText.Fixed(snapshot.CompletedPerSecond, 1)} {language.Text(Label.RequestsPerSecond)} {tokens}",
            $"TTFT {Median(snapshot.TimeToFirstTokenP50)} TPOT {Median(snapshot.TimePerOutputTokenP50)} ms",
            $"{language.Text(Label.DispatchP99)} {NumberText.Fixed(snapshot.DispatchDelayP99?.TotalMilliseconds, 1)} ms");
    }

    static string Median(TimeSpan? time) => NumberText.Milliseconds(time?.TotalSeconds);
}
