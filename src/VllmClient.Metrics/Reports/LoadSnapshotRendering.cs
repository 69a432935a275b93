using Vllm.Load;

namespace Vllm.Reports;

/// <summary>Renderings of a run in progress.</summary>
public static class LoadSnapshotRendering
{
    extension(LoadSnapshot snapshot)
    {
        /// <summary>The state of a run in one line, for a log or a console.</summary>
        /// <param name="language">Language of the labels. Default: English.</param>
        public string ToLine(ReportLanguage language = ReportLanguage.English) => SnapshotText.Line(snapshot, language);
    }
}
