using Vllm.Http;
using Vllm.Telemetry;

namespace Vllm;

/// <summary>Checks the settings of one call.</summary>
static class RequestOptionsCheck
{
    /// <exception cref="ArgumentException">A setting is wrong; the message names it.</exception>
    internal static void Check(VllmRequestOptions? options, VllmClientOptions client)
    {
        if (options is null) return;
        Time(nameof(options.Timeout), options.Timeout);
        Time(nameof(options.ResponseHeadersTimeout), options.ResponseHeadersTimeout);
        Time(nameof(options.FirstTokenTimeout), options.FirstTokenTimeout);
        Time(nameof(options.StreamIdleTimeout), options.StreamIdleTimeout);
        if (options.MaxRetries is < 0 or > 10) throw Bad($"MaxRetries is {options.MaxRetries}; it must be 0 to 10.");
        if (options.RequestId is { } id && HeaderRules.RequestIdProblem(id) is { } problem) throw Bad(problem);
        if (options.DataParallelRank is < 0) throw Bad($"DataParallelRank is {options.DataParallelRank}; it must be 0 or more.");
        if (options.ExtraHeaders is not null)
        {
            foreach (var (name, value) in options.ExtraHeaders)
                if (HeaderRules.Problem(name, value) is { } wrong) throw Bad($"ExtraHeaders: {wrong}");
        }

        if (options.Tags is not null && TagRules.Problem(client.Telemetry.Tags, options.Tags) is { } tags) throw Bad($"Tags: {tags}");
    }

    static void Time(string name, TimeSpan? value)
    {
        if (value is { } time && time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw Bad($"{name} is {time}; it must be positive, or Timeout.InfiniteTimeSpan for none.");
    }

    static ArgumentException Bad(string message, string parameter = "options") => new(message, parameter);
}
