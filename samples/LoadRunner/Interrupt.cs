using System.Runtime.InteropServices;

namespace LoadRunnerSample;

/// <summary>Ctrl+C: once asks the run to stop and report, twice cancels it.</summary>
sealed class Interrupt : IDisposable
{
    readonly CancellationTokenSource _cancelled = new();
    readonly List<PosixSignalRegistration> _signals = [];
    readonly Lock _lock = new();
    Action? _stop;
    bool _pressed;

    public CancellationToken Token => _cancelled.Token;

    public void ListenToSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Press();
            }));
        }
    }

    /// <summary>From now on the first press calls this; before, and after, a press cancels.</summary>
    public void OnFirst(Action stop)
    {
        lock (_lock)
            _stop = stop;
    }

    public void Press()
    {
        Action? stop;
        lock (_lock)
        {
            stop = _pressed ? null : _stop;
            _pressed = true;
        }

        if (stop is null)
            _cancelled.Cancel();
        else
            stop();
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _cancelled.Dispose();
    }
}
