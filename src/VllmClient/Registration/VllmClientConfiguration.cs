using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Vllm.Http;
using Vllm.Telemetry;

namespace Vllm;

/// <summary>Reads a client's settings from configuration: its section, and its connection string for what the section leaves open.</summary>
/// <remarks>Written by hand: reflection binding does not survive native compilation, and says nothing about unknown names.</remarks>
sealed class VllmClientConfiguration(RegisteredClient client, IConfiguration? root, ILoggerFactory? loggers) : IConfigureNamedOptions<VllmClientOptions>
{
    delegate void Setter(VllmClientOptions options, string text);

    static readonly Dictionary<string, Setter> Scalars = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(VllmClientOptions.BaseUrl)] = (options, text) => options.BaseUrl = new Uri(text, UriKind.RelativeOrAbsolute),
        [nameof(VllmClientOptions.ApiKey)] = (options, text) => options.ApiKey = text,
        [nameof(VllmClientOptions.DefaultModel)] = (options, text) => options.DefaultModel = text,
        [nameof(VllmClientOptions.ConnectTimeout)] = (options, text) => options.ConnectTimeout = Time(text),
        [nameof(VllmClientOptions.ResponseHeadersTimeout)] = (options, text) => options.ResponseHeadersTimeout = Time(text),
        [nameof(VllmClientOptions.FirstTokenTimeout)] = (options, text) => options.FirstTokenTimeout = Time(text),
        [nameof(VllmClientOptions.StreamIdleTimeout)] = (options, text) => options.StreamIdleTimeout = Time(text),
        [nameof(VllmClientOptions.Timeout)] = (options, text) => options.Timeout = Time(text),
        [nameof(VllmClientOptions.MaxRetries)] = (options, text) => options.MaxRetries = Whole(text),
        [nameof(VllmClientOptions.MaxRetryDelay)] = (options, text) => options.MaxRetryDelay = Time(text),
        [nameof(VllmClientOptions.PooledConnectionIdleTimeout)] = (options, text) => options.PooledConnectionIdleTimeout = Time(text),
        [nameof(VllmClientOptions.PooledConnectionLifetime)] = (options, text) => options.PooledConnectionLifetime = Time(text),
        [nameof(VllmClientOptions.MaxConnectionsPerServer)] = (options, text) => options.MaxConnectionsPerServer = Whole(text),
        [nameof(VllmClientOptions.MaxConcurrentRequests)] = (options, text) => options.MaxConcurrentRequests = Whole(text),
        [nameof(VllmClientOptions.HttpVersion)] = (options, text) => options.HttpVersion = Version.Parse(text),
        [nameof(VllmClientOptions.MaxTokensName)] = (options, text) => options.MaxTokensName = text,
        [nameof(VllmClientOptions.IncludeUsage)] = (options, text) => options.IncludeUsage = bool.Parse(text),
        [nameof(VllmClientOptions.RequireDone)] = (options, text) => options.RequireDone = bool.Parse(text),
        [nameof(VllmClientOptions.RequireFinishReason)] = (options, text) => options.RequireFinishReason = bool.Parse(text),
        [nameof(VllmClientOptions.KeepDefaultResilienceHandlers)] = (options, text) => options.KeepDefaultResilienceHandlers = bool.Parse(text),
        [nameof(VllmClientOptions.KeepHttpClientLogs)] = (options, text) => options.KeepHttpClientLogs = bool.Parse(text),
    };

    static readonly Dictionary<string, Setter> TelemetryScalars = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(VllmTelemetryOptions.ProviderName)] = (options, text) => options.Telemetry.ProviderName = text,
        [nameof(VllmTelemetryOptions.MaxModels)] = (options, text) => options.Telemetry.MaxModels = Whole(text),
        [nameof(VllmTelemetryOptions.PropagateContext)] = (options, text) => options.Telemetry.PropagateContext = bool.Parse(text),
        [nameof(VllmTelemetryOptions.EmitGenAiMetrics)] = (options, text) => options.Telemetry.EmitGenAiMetrics = Enum.Parse<GenAiMetricsMode>(text, ignoreCase: true),
    };

    public void Configure(VllmClientOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, VllmClientOptions options)
    {
        if ((name ?? Options.DefaultName) != client.OptionsName) return;
        var faults = new List<string>();
        var source = client.Section ?? root?.GetSection(client.SectionPath);
        if (client.ConnectionString is { } connection && root?.GetConnectionString(connection) is { } text)
        {
            // An empty one says nothing, which does no harm beside an address in the section.
            if (!string.IsNullOrWhiteSpace(text)) ConnectionString(text, options, faults);
            else if (source?[nameof(VllmClientOptions.BaseUrl)] is null) faults.Add(EmptyAddress(ConnectionPath));
        }

        if (source is not null) Section(source, options, faults);
        if (faults.Count > 0) throw new OptionsValidationException(client.OptionsName, typeof(VllmClientOptions), faults);
    }

    /// <summary>Whether a word is the name of a setting, so that no client can be called that.</summary>
    internal static bool IsOption(string word) => Scalars.ContainsKey(word) || IsObject(word);

    static bool IsObject(string word) =>
        word.Equals(nameof(VllmClientOptions.DefaultHeaders), StringComparison.OrdinalIgnoreCase)
        || word.Equals(nameof(VllmClientOptions.Telemetry), StringComparison.OrdinalIgnoreCase);

    void Section(IConfiguration source, VllmClientOptions options, List<string> faults)
    {
        foreach (var child in source.GetChildren())
        {
            if (child.Key.Equals(nameof(VllmClientOptions.DefaultHeaders), StringComparison.OrdinalIgnoreCase))
            {
                foreach (var header in child.GetChildren()) options.DefaultHeaders[header.Key] = header.Value ?? "";
            }
            else if (child.Key.Equals(nameof(VllmClientOptions.Telemetry), StringComparison.OrdinalIgnoreCase)) TelemetrySection(child, options, faults);
            else if (child.Value is not { } text)
            {
                // Below the section of all clients it is another client, or one that UnreadSections tells of.
                if (client.Name is not null && child.GetChildren().Any()) Log.UnknownOption(Logger, child.Path);
            }
            else if (Scalars.TryGetValue(child.Key, out var set)) Set(child.Path, text, set, options, faults);
            else Log.UnknownOption(Logger, child.Path);
        }
    }

    void TelemetrySection(IConfigurationSection source, VllmClientOptions options, List<string> faults)
    {
        foreach (var child in source.GetChildren())
        {
            if (child.Key.Equals(nameof(VllmTelemetryOptions.Tags), StringComparison.OrdinalIgnoreCase))
            {
                foreach (var tag in child.GetChildren()) options.Telemetry.Tags[tag.Key] = tag.Value ?? "";
            }
            else if (child.Value is { } text && TelemetryScalars.TryGetValue(child.Key, out var set)) Set(child.Path, text, set, options, faults);
            else Log.UnknownOption(Logger, child.Path);
        }
    }

    // Either a URL, or Endpoint=...;Key=...;Model=..., where BaseUrl is another word for Endpoint.
    void ConnectionString(string text, VllmClientOptions options, List<string> faults)
    {
        var path = ConnectionPath;
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            Set(path, text.Trim(), Scalars[nameof(VllmClientOptions.BaseUrl)], options, faults);
            return;
        }

        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2);
            var option = pair[0].Trim().ToUpperInvariant() switch
            {
                "ENDPOINT" or "BASEURL" => nameof(VllmClientOptions.BaseUrl),
                "KEY" => nameof(VllmClientOptions.ApiKey),
                "MODEL" => nameof(VllmClientOptions.DefaultModel),
                _ => null,
            };
            if (option is not null && pair.Length == 2) Set(path, pair[1].Trim(), Scalars[option], options, faults);
            else faults.Add($"{path} must be a URL, or Endpoint=...;Key=...;Model=...; it has a part of another kind.");
        }
    }

    static void Set(string path, string text, Setter set, VllmClientOptions options, List<string> faults)
    {
        var isAddress = ReferenceEquals(set, Scalars[nameof(VllmClientOptions.BaseUrl)]);
        if (isAddress && string.IsNullOrWhiteSpace(text)) faults.Add(EmptyAddress(path));
        if (string.IsNullOrWhiteSpace(text)) return;
        try
        {
            set(options, text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            // Any other value may be secret, so only its place is named.
            faults.Add(isAddress
                ? $"{path}: '{BaseUrl.Shown(text)}' is no URL; give the whole URL, for instance {BaseUrl.Example}."
                : $"{path} cannot be read as a value of its kind. Times are written as 00:00:30 or as seconds.");
        }
    }

    // Taking the default instead would send the calls to whatever listens on this machine.
    static string EmptyAddress(string path) => $"{path} is empty; give the whole URL, for instance {BaseUrl.Example}, or leave the setting out.";

    string ConnectionPath => $"ConnectionStrings:{client.ConnectionString}";

    ILogger Logger => loggers?.CreateLogger("VllmClient") ?? (ILogger)NullLogger.Instance;

    static TimeSpan Time(string text)
    {
        if (text.Equals("infinite", StringComparison.OrdinalIgnoreCase)) return Timeout.InfiniteTimeSpan;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
    }

    static int Whole(string text) => int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
