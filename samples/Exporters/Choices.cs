namespace ExportersSample;

enum Exporter
{
    Console,
    Otlp,
    Prometheus,
}

/// <summary>What the command line asks for, checked.</summary>
/// <param name="Exporter">Where the metrics go.</param>
/// <param name="Url">The server; null: the embedded simulator.</param>
/// <param name="Port">The scrape endpoint's port.</param>
/// <param name="Length">How long load is sent.</param>
sealed record Choices(Exporter Exporter, Uri? Url, int Port, TimeSpan Length);

/// <summary>Input that cannot be used; the message says what would be good.</summary>
sealed class UsageException(string message) : Exception(message);
