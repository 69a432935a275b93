using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>The probe's log messages: one per change of a source's state, or of the loop's own.</summary>
static partial class ProbeLog
{
    public const string Category = "VllmClient.Metrics.Resources";

    [LoggerMessage(1200, LogLevel.Information, "Resource source {Source} of {Target} is absent: {Reason}.")]
    public static partial void Absent(ILogger logger, string source, string target, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "Resource source {Source} of {Target} fails: {Reason}.")]
    public static partial void Failing(ILogger logger, string source, string target, string reason);

    [LoggerMessage(1202, LogLevel.Information, "Resource source {Source} of {Target} gives figures.")]
    public static partial void Ok(ILogger logger, string source, string target);

    [LoggerMessage(1203, LogLevel.Warning, "Resource source {Source} of {Target} is slow: {Reason}.")]
    public static partial void Slow(ILogger logger, string source, string target, string reason);

    [LoggerMessage(1206, LogLevel.Warning, "The configuration has a setting {Name} that the resource probe does not know; it is ignored.", EventName = "UnknownOption")]
    public static partial void UnknownOption(ILogger logger, string name);

    [LoggerMessage(1204, LogLevel.Error, "The resource probe could not take a sample, and goes on: {Error}\n{Place}")]
    public static partial void Unexpected(ILogger logger, string error, string place);

    [LoggerMessage(1205, LogLevel.Information, "The resource probe takes samples again.")]
    public static partial void Recovered(ILogger logger);
}
