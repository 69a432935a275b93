using System.Globalization;
using Spectre.Console;
using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>A table that redraws itself: the state of the run, a bar, and the last minute of tokens per second and time to first token.</summary>
sealed class LiveProgress(TextWriter writer, RunOptions options) : IProgress<LoadSnapshot>
{
    const int History = 60;
    const int BarColumns = 40;

    readonly Queue<double?> _tokens = [];
    readonly Queue<double?> _firstTokens = [];
    LiveDisplayContext? _display;
    LoadSnapshot? _warmedUp;

    public async Task<LoadReport> ShowAsync(Func<IProgress<LoadSnapshot>, Task<LoadReport>> run)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer) });
        return await console.Live(new Text("")).AutoClear(true).StartAsync(async display =>
        {
            _display = display;
            return await run(this);
        });
    }

    public void Report(LoadSnapshot value)
    {
        Remember(_tokens, value.OutputTokensPerSecond);
        Remember(_firstTokens, value.TimeToFirstTokenP50?.TotalMilliseconds);
        _display?.UpdateTarget(Draw(value));
    }

    Grid Draw(LoadSnapshot snapshot)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Width(10)).AddColumn(new GridColumn().NoWrap());
        foreach (var part in snapshot.ToLine(options.Language).Split(" | "))
            grid.AddRow(new Text(""), new Text(part));
        if (Share(snapshot) is { } share)
            grid.AddRow(new Text(share.ToString("P0", CultureInfo.InvariantCulture)), new Text(Bar(share)));
        grid.AddRow(new Text(options.Language == ReportLanguage.Chinese ? "token/秒" : "tok/s"), new Text(Sparkline(_tokens)));
        grid.AddRow(new Text("TTFT"), new Text(Sparkline(_firstTokens)));
        return grid;
    }

    /// <summary>How much of the measured load is done; the warm-up has no bar.</summary>
    double? Share(LoadSnapshot snapshot)
    {
        if (snapshot.Phase == "warm-up")
            return null;
        var requests = options.Load switch { UsersPhase users => users.Requests, RatePhase rate => rate.Requests, _ => null };
        var warmedUp = _warmedUp ??= snapshot;
        if (requests is { } count)
            return Math.Clamp((double)(snapshot.Completed + snapshot.Failed - warmedUp.Completed - warmedUp.Failed) / count, 0, 1);
        var duration = options.Load switch { UsersPhase users => users.Duration, RatePhase rate => rate.Duration, _ => null };
        return duration is { } time ? Math.Clamp((snapshot.Elapsed - warmedUp.Elapsed) / time, 0, 1) : null;
    }

    static string Bar(double share)
    {
        var full = (int)Math.Round(share * BarColumns);
        return new string('█', full) + new string('░', BarColumns - full);
    }

    static string Sparkline(IReadOnlyCollection<double?> values)
    {
        const string Levels = "▁▂▃▄▅▆▇█";
        var most = values.Max() ?? 0;
        return string.Concat(values.Select(value => value is { } number ? Levels[most > 0 ? (int)Math.Round(number / most * 7) : 0] : ' '));
    }

    static void Remember(Queue<double?> history, double? value)
    {
        history.Enqueue(value);
        if (history.Count > History)
            history.Dequeue();
    }
}
