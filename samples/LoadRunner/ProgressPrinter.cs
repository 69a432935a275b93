using Spectre.Console;
using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>Shows a snapshot a second on standard error, so that standard output holds the report alone.</summary>
sealed class ProgressPrinter(ProgressMode mode, ReportLanguage language) : IProgress<LoadSnapshot>, IDisposable
{
    readonly IAnsiConsole _screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    bool _shown;

    public bool IsSilent => mode == ProgressMode.None;

    public void Report(LoadSnapshot value)
    {
        var line = value.ToLine(language);
        if (mode == ProgressMode.Lines)
        {
            Console.Error.WriteLine(line);
            return;
        }

        // One line that is written over. A terminal that is too narrow shows its start.
        var width = Math.Max(20, _screen.Profile.Width - 1);
        _screen.Write(new ControlCode("\r\u001b[2K"));
        _screen.Write(new Text(line.Length > width ? line[..width] : line));
        _shown = true;
    }

    public void Dispose()
    {
        if (_shown) _screen.Write(new ControlCode("\r\u001b[2K"));
    }
}
