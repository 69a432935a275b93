using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Vllm.Tests.Exporters;

/// <summary>A program that a test started and ends.</summary>
sealed class StartedProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _text = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();
    readonly Lock _gate = new();

    public StartedProgram(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Exited += (_, _) => Check(isOver: true);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written so far, errors too.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    /// <summary>Starts samples/Exporters as a user does, from its own folder.</summary>
    public static StartedProgram Sample(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var assembly = Testing.RepositoryFiles.Path("artifacts", "bin", "Exporters", configuration, "Exporters.dll");
        return new("dotnet", [assembly, .. arguments], environment);
    }

    /// <summary>Waits until it has written this; throws with everything it wrote if it ends before.</summary>
    public async Task HasWrittenAsync(string part, CancellationToken cancellationToken)
    {
        var source = _awaited.GetOrAdd(part, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Check(_process.HasExited);
        await source.Task.WaitAsync(cancellationToken);
    }

    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    void Add(string? line)
    {
        if (line is null) return;
        lock (_gate)
            _text.Append(line).Append('\n');
        Check(isOver: false);
    }

    void Check(bool isOver)
    {
        var text = Text;
        foreach (var (part, source) in _awaited)
        {
            if (text.Contains(part, StringComparison.Ordinal)) source.TrySetResult();
            else if (isOver) source.TrySetException(new InvalidOperationException($"The program ended without writing '{part}'. It wrote:\n{text}"));
        }
    }
}
