using Microsoft.Extensions.Logging;

namespace Vllm.Load;

/// <summary>The load runner's log messages.</summary>
static partial class LoadLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The progress listener threw; the run goes on, and further failures are not logged.")]
    public static partial void ProgressFailed(ILogger logger, Exception error);

    [LoggerMessage(1001, LogLevel.Information, "Load run {Plan} started: {Phases} phases, seed {Seed}.")]
    public static partial void Started(ILogger logger, string plan, int phases, ulong seed);

    [LoggerMessage(1002, LogLevel.Information, "Load run {Plan} ended ({End}): {Verdict}.")]
    public static partial void Ended(ILogger logger, string plan, RunEnd end, Verdict verdict);
}
