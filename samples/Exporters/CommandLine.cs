using System.CommandLine;
using System.Globalization;

namespace ExportersSample;

/// <summary>The arguments and what they mean.</summary>
sealed class CommandLine
{
    const int UsualPort = 9464;

    readonly Argument<string> _exporter = new("exporter") { HelpName = "console|otlp|prometheus", Description = "Where metrics go: to the console (with spans), to an OpenTelemetry Collector (with spans; OTEL_EXPORTER_OTLP_ENDPOINT says where), or to a scrape endpoint for Prometheus." };
    readonly Option<string?> _url = Text("--url", "URL", "The vLLM server, such as http://gpu:8000. Default: an embedded simulator.");
    readonly Option<string?> _port = Text("--port", "PORT", "Port of the scrape endpoint, with prometheus. Default: 9464.");
    readonly Option<string?> _for = Text("--for", "TIME", "How long it sends load: 30s, 2m, 1h. Default: 1m. With prometheus the endpoint then stays until Ctrl+C, for the last scrape.");

    public RootCommand Root { get; }

    public CommandLine()
    {
        Root = new("Sends chats to vLLM, eight at a time, and exports what the client measured about them.") { _exporter, _url, _port, _for };
    }

    public Choices Read(ParseResult line)
    {
        var exporter = line.GetValue(_exporter) switch
        {
            "console" => Exporter.Console,
            "otlp" => Exporter.Otlp,
            "prometheus" => Exporter.Prometheus,
            var other => throw new UsageException($"The exporter is console, otlp or prometheus, not '{other}'."),
        };
        if (line.GetValue(_port) is not null && exporter != Exporter.Prometheus)
            throw new UsageException("--port is the scrape endpoint's and goes with prometheus only.");
        return new(exporter, Url(line.GetValue(_url)), Port(line.GetValue(_port)), Length(line.GetValue(_for)));
    }

    static Uri? Url(string? text)
    {
        if (text is null) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"--url takes an http or https address such as http://localhost:8000, not '{text}'.");
    }

    static int Port(string? text)
    {
        if (text is null) return UsualPort;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? port
            : throw new UsageException($"--port takes a number from 1 to 65535, not '{text}'.");
    }

    static TimeSpan Length(string? text)
    {
        if (text is null) return TimeSpan.FromMinutes(1);
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0 && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 100_000
            ? TimeSpan.FromSeconds((long)count * unit)
            : throw new UsageException($"--for takes a time such as 30s, 2m or 1h, not '{text}'.");
    }

    static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };
}
