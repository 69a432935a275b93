using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>A line a second.</summary>
sealed class LineProgress(TextWriter writer, ReportLanguage language) : IProgress<LoadSnapshot>
{
    public void Report(LoadSnapshot value) => writer.WriteLine(value.ToLine(language));
}
