using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>The probe's log messages: one per change of a source's state.</summary>
static partial class ProbeLog
{
    [LoggerMessage(1200, LogLevel.Information, "Resource source {Source} of {Target} is absent: {Reason}.")]
    public static partial void Absent(ILogger logger, string source, string target, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "Resource source {Source} of {Target} fails: {Reason}.")]
    public static partial void Failing(ILogger logger, string source, string target, string reason);

    [LoggerMessage(1202, LogLevel.Information, "Resource source {Source} of {Target} gives figures.")]
    public static partial void Ok(ILogger logger, string source, string target);

    [LoggerMessage(1203, LogLevel.Warning, "Resource source {Source} of {Target} is slow: {Reason}.")]
    public static partial void Slow(ILogger logger, string source, string target, string reason);
}
