using System.Globalization;
using Vllm.Load;
using Vllm.Simulator;

namespace LoadRunnerSample;

/// <summary>Reads the values of options; a bad one becomes a sentence that says what would be good.</summary>
static class Values
{
    public static int? Whole(string option, string? text, int least = 1, int most = int.MaxValue)
    {
        if (text is null)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException(most == int.MaxValue
                ? $"{option} takes a whole number from {least}, not '{text}'."
                : $"{option} takes a whole number from {least} to {most}, not '{text}'.");
    }

    public static ulong Seed(string? text) => text is null ? 1
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new UsageException($"--seed takes a whole number from 0, not '{text}'.");

    public static double? Rate(string? text)
    {
        if (text is null)
            return null;
        return Number(text) is { } rate && rate > 0
            ? rate
            : throw new UsageException($"--rate takes requests per second above 0, such as 12.5, not '{text}'.");
    }

    public static TimeSpan? Length(string option, string? text)
    {
        if (text is null)
            return null;
        return TryLength(text) is { } length && length > TimeSpan.Zero
            ? length
            : throw new UsageException($"{option} takes a time such as 30s, 500ms, 2m or 1h, not '{text}'.");
    }

    /// <summary>The address of a page, such as <c>http://gpu:9100/metrics</c>.</summary>
    public static Uri Page(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https") && url.Host.Length > 0 && url.UserInfo.Length == 0
            ? url
            : throw new UsageException($"--probe takes the address of a page, such as http://gpu:9100/metrics, not '{text}'.");

    /// <summary><c>2.99</c> or <c>2.99EUR</c>.</summary>
    public static (decimal Amount, string Currency)? Price(string? text)
    {
        if (text is null)
            return null;
        var digits = text.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        var currency = text[digits..].Trim();
        return decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && (currency.Length == 0 || (currency.Length == 3 && currency.All(char.IsAsciiLetter)))
            ? (amount, currency.Length == 0 ? "USD" : currency.ToUpperInvariant())
            : throw new UsageException($"--price takes an amount per hour such as 2.99 or 2.99EUR, not '{text}'.");
    }

    /// <summary><c>10s</c> warms up for some time, <c>20</c> with some requests, <c>none</c> not at all.</summary>
    public static LoadPhase? WarmUp(string? text, int users, double? rate)
    {
        if (text is null)
            return LoadPhase.Auto;
        if (text == "none")
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var requests) && requests > 0)
            return rate is { } counted ? LoadPhase.Rate(counted, requests) : LoadPhase.Users(users, requests);
        if (TryLength(text) is { } length && length > TimeSpan.Zero)
            return rate is { } timed ? LoadPhase.Rate(timed, length) : LoadPhase.Users(users, length);
        throw new UsageException($"--warm-up takes a time such as 10s, a number of requests, or none, not '{text}'.");
    }

    /// <summary><c>ttft.p95=500ms</c>, <c>failed=1%</c>.</summary>
    public static Objective Limit(string text)
    {
        if (text.Split('=') is [var left, var right])
        {
            if (left == "failed" && Percent(right) is { } share)
                return Objective.FailedShare(share);
            if (left.Split(".p") is [var figure, var digits] && Number(digits) is > 0 and < 100 and var percentile
                && TryLength(right) is { } atMost && atMost > TimeSpan.Zero && Latency(figure, (double)((decimal)percentile / 100), atMost) is { } objective)
                return objective;
        }

        throw new UsageException($"--limit takes ttft.p95=500ms, tpot.p95=50ms, gap.p99=200ms, longest-gap.p95=1s, duration.p99=2s or failed=1%, not '{text}'.");
    }

    /// <summary><c>h100-8b</c>, <c>instant</c>, or <c>fixed:50ms,10ms</c>.</summary>
    public static SimulatorOptions Simulator(string text)
    {
        if (text == "h100-8b")
            return SimulatorOptions.H100Llama8B;
        if (text == "instant")
            return SimulatorOptions.Instant;
        if (text.StartsWith("fixed:", StringComparison.Ordinal) && text[6..].Split(',') is [var first, var next]
            && TryLength(first) is { } ttft && TryLength(next) is { } tpot)
            return SimulatorOptions.Fixed(ttft, tpot);
        throw new UsageException($"--simulate takes h100-8b, instant, or fixed:TTFT,TPOT such as fixed:50ms,10ms, not '{text}'.");
    }

    public static T Word<T>(string option, string? text, T absent, params (string Word, T Value)[] words)
    {
        if (text is null)
            return absent;
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        throw new UsageException($"{option} takes {string.Join(", ", words[..^1].Select(w => w.Word))} or {words[^1].Word}, not '{text}'.");
    }

    static Objective? Latency(string figure, double quantile, TimeSpan atMost) => figure switch
    {
        "ttft" => Objective.TimeToFirstToken(quantile, atMost),
        "tpot" => Objective.TimePerOutputToken(quantile, atMost),
        "gap" => Objective.ChunkGap(quantile, atMost),
        "longest-gap" => Objective.LongestGap(quantile, atMost),
        "duration" => Objective.Duration(quantile, atMost),
        _ => null,
    };

    static TimeSpan? TryLength(string text)
    {
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("us", 0.000001), ("s", 1), ("m", 60), ("h", 3600)];
        foreach (var (unit, seconds) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && Number(text[..^unit.Length]) is { } value && value >= 0 && value * seconds < 1e9)
                return TimeSpan.FromSeconds(value * seconds);
        }

        return null;
    }

    static double? Percent(string text) =>
        text.EndsWith('%') && Number(text[..^1]) is { } percent && percent is >= 0 and < 100 ? percent / 100 : null;

    static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
