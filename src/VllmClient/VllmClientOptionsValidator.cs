using Microsoft.Extensions.Options;
using Vllm.Http;
using Vllm.Telemetry;

namespace Vllm;

/// <summary>Checks options, and tells all faults at once.</summary>
sealed class VllmClientOptionsValidator : IValidateOptions<VllmClientOptions>
{
    public ValidateOptionsResult Validate(string? name, VllmClientOptions options)
    {
        var faults = Faults(options);
        if (faults.Count == 0) return ValidateOptionsResult.Success;
        var client = string.IsNullOrEmpty(name) ? "VllmClient" : $"VllmClient '{name}'";
        return ValidateOptionsResult.Fail(faults.Select(fault => $"{client}: {fault}"));
    }

    /// <exception cref="ArgumentException">One or several options are wrong.</exception>
    internal static void ThrowIfInvalid(VllmClientOptions options)
    {
        var faults = Faults(options);
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
    }

    static List<string> Faults(VllmClientOptions options)
    {
        var faults = new List<string>();
        if (options.BaseUrl is { } url && BaseUrl.Problem(url) is { } problem) faults.Add($"BaseUrl '{BaseUrl.Shown(url.OriginalString)}' {problem}.");
        if (options.ApiKey is { } key && key.Trim().Any(char.IsControl)) faults.Add("ApiKey holds control characters, which no header can carry. Was a line break copied with it?");
        if (options.DefaultModel is { } model && string.IsNullOrWhiteSpace(model)) faults.Add("DefaultModel is blank; leave it null to take the server's first model.");
        Time(faults, nameof(options.ConnectTimeout), options.ConnectTimeout);
        Time(faults, nameof(options.ResponseHeadersTimeout), options.ResponseHeadersTimeout);
        Time(faults, nameof(options.FirstTokenTimeout), options.FirstTokenTimeout);
        Time(faults, nameof(options.StreamIdleTimeout), options.StreamIdleTimeout);
        if (options.Timeout is { } total) Time(faults, nameof(options.Timeout), total);
        Time(faults, nameof(options.PooledConnectionIdleTimeout), options.PooledConnectionIdleTimeout);
        Time(faults, nameof(options.PooledConnectionLifetime), options.PooledConnectionLifetime);
        if (options.MaxRetries is < 0 or > 10) faults.Add($"MaxRetries is {options.MaxRetries}; it must be 0 to 10.");
        if (options.MaxRetryDelay < TimeSpan.Zero) faults.Add("MaxRetryDelay is negative; it must be zero or more.");
        Positive(faults, nameof(options.MaxConnectionsPerServer), options.MaxConnectionsPerServer);
        Positive(faults, nameof(options.MaxConcurrentRequests), options.MaxConcurrentRequests);
        if (options.HttpVersion is null) faults.Add("HttpVersion is null; vLLM speaks 1.1.");
        if (string.IsNullOrWhiteSpace(options.MaxTokensName)) faults.Add("MaxTokensName is blank; use max_completion_tokens, or max_tokens for old servers.");
        foreach (var (name, value) in options.DefaultHeaders)
            if (HeaderRules.Problem(name, value) is { } wrong) faults.Add($"DefaultHeaders: {wrong}");
        Telemetry(faults, options.Telemetry);
        return faults;
    }

    static void Telemetry(List<string> faults, VllmTelemetryOptions? telemetry)
    {
        if (telemetry is null)
        {
            faults.Add("Telemetry is null; leave it as it is for the defaults.");
            return;
        }

        if (string.IsNullOrWhiteSpace(telemetry.ProviderName)) faults.Add("Telemetry.ProviderName is blank; the default is vllm.");
        if (telemetry.MaxModels < 1) faults.Add($"Telemetry.MaxModels is {telemetry.MaxModels}; it must be at least 1.");
        if (TagRules.Problem(telemetry.Tags, []) is { } problem) faults.Add($"Telemetry.Tags: {problem}");
    }

    static void Time(List<string> faults, string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            faults.Add($"{name} is {value}; it must be positive, or Timeout.InfiniteTimeSpan for none.");
    }

    static void Positive(List<string> faults, string name, int? value)
    {
        if (value is <= 0) faults.Add($"{name} is {value}; it must be at least 1, or null for no limit.");
    }
}
