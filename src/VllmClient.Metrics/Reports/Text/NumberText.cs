using System.Globalization;

namespace Vllm.Reports;

/// <summary>Figures as people read them: invariant culture, about three digits, <c>-</c> where there is none.</summary>
static class NumberText
{
    public const string Absent = "-";

    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static string Count(long? value) => value?.ToString("N0", Invariant) ?? Absent;

    public static string Fixed(double? value, int decimals) => Finite(value)?.ToString("N" + decimals.ToString(Invariant), Invariant) ?? Absent;

    /// <summary>Without the thousands separators, as the classic script prints.</summary>
    public static string Plain(double? value, int decimals) => Finite(value)?.ToString("F" + decimals.ToString(Invariant), Invariant) ?? Absent;

    public static string Plain(ulong value) => value.ToString(Invariant);

    public static string Plain(long? value) => value?.ToString(Invariant) ?? Absent;

    /// <summary>Seconds as milliseconds, without the unit: 9.31, 41.8, 1,219.4. From 100 s on, where the columns end, in seconds with their unit.</summary>
    public static string Milliseconds(double? seconds)
    {
        if (Finite(seconds) is not { } value)
            return Absent;
        var ms = value * 1000;
        return Math.Abs(ms) switch
        {
            < 9.995 => Fixed(ms, 2),
            < 9_999.95 => Fixed(ms, 1),
            < 99_999.5 => Fixed(ms, 0),
            < 999_950 => Fixed(value, 1) + " s",
            _ => Fixed(value, 0) + " s",
        };
    }

    /// <inheritdoc cref="Milliseconds(double?)"/>
    public static string Milliseconds(TimeSpan? time) => Milliseconds(time?.TotalSeconds);

    /// <summary>With the unit, for a figure that stands alone in a line.</summary>
    public static string WithMilliseconds(double? seconds)
    {
        var text = Milliseconds(seconds);
        return text == Absent || text.EndsWith('s') ? text : text + " ms";
    }

    /// <summary>An interval in the same unit as <see cref="Milliseconds(double?)"/>, shorter by design: [40.3, 42.7], [1174, 1349].</summary>
    public static string Interval(double? low, double? high)
    {
        if (Finite(low) is null && Finite(high) is null)
            return Absent;
        var seconds = Math.Max(Math.Abs(low ?? 0), Math.Abs(high ?? 0)) >= 99.9995;
        return seconds ? $"[{End(low)}, {End(high)}] s" : $"[{End(low * 1000)}, {End(high * 1000)}]";
    }

    /// <inheritdoc cref="Interval(double?, double?)"/>
    public static string Interval(TimeSpan? low, TimeSpan? high) => Interval(low?.TotalSeconds, high?.TotalSeconds);

    /// <summary>An interval of a rate or count.</summary>
    public static string RateInterval(double? low, double? high) =>
        Finite(low) is null && Finite(high) is null ? "" : $" [{Rate(low)}, {Rate(high)}]";

    /// <summary>A rate: 1,845 or 14.07 or 0.0312.</summary>
    public static string Rate(double? value) => Finite(value) is not { } rate ? Absent : Math.Abs(rate) switch
    {
        >= 999.5 => Fixed(rate, 0),
        >= 99.95 => Fixed(rate, 1),
        >= 0.0995 or 0 => Fixed(rate, 2),
        _ => Fixed(rate, 4),
    };

    /// <summary>A share 0..1 as percent, without the sign: 1.5, 0.25, 100.</summary>
    public static string Percent(double? share) => Finite(share) is not { } value ? Absent
        : value is 0 or 1 ? Plain(value * 100, 0)
        : (value * 100).ToString(Math.Abs(value) < 0.00995 ? "0.###" : Math.Abs(value) > 0.99 ? "0.##" : "0.#", Invariant);

    /// <summary>A time on the run's clock: 00:12, 01:02:03.</summary>
    public static string Clock(TimeSpan time) => time < TimeSpan.FromHours(1)
        ? time.ToString(@"mm\:ss", Invariant)
        : $"{(long)time.TotalHours:00}:{time.ToString(@"mm\:ss", Invariant)}";

    /// <summary>A length of time as one would say it: 500 ms, 14.2 s, 2 min.</summary>
    public static string Length(TimeSpan time)
    {
        if (time.Ticks % TimeSpan.TicksPerMinute == 0 && time >= TimeSpan.FromMinutes(2))
            return string.Create(Invariant, $"{time.TotalMinutes:0} min");
        return time < TimeSpan.FromSeconds(1) && time > TimeSpan.Zero
            ? string.Create(Invariant, $"{time.TotalMilliseconds:0.##} ms")
            : string.Create(Invariant, $"{time.TotalSeconds:0.##} s");
    }

    /// <summary>Three digits that count: 0.278, 3.60, 41.2, 1,845.</summary>
    public static string Significant(double value) => Math.Abs(value) switch
    {
        >= 99.95 => Fixed(value, 0),
        >= 9.995 => Fixed(value, 1),
        >= 0.9995 => Fixed(value, 2),
        >= 0.09995 => Fixed(value, 3),
        _ => value.ToString("0.#####", Invariant),
    };

    /// <summary>Bytes in the decimal unit that suits them: 58 MB, 71.2 GB.</summary>
    public static string Bytes(double bytes) => Bytes(bytes, bytes, unit: true);

    /// <summary>Bytes in the unit that suits others beside which they stand.</summary>
    public static string Bytes(double bytes, double beside, bool unit) => beside >= 999.5e6
        ? Fixed(bytes / 1e9, 1) + (unit ? " GB" : "")
        : Fixed(bytes / 1e6, 0) + (unit ? " MB" : "");

    public static string Number(double value) => value.ToString("0.####", Invariant);

    static string End(double? value) => Finite(value) is not { } end ? Absent : Math.Abs(end) switch
    {
        < 9.995 => end.ToString("F2", Invariant),
        < 99.95 => end.ToString("F1", Invariant),
        _ => end.ToString("F0", Invariant),
    };

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
