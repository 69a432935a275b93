using System.Diagnostics;

namespace Vllm.Telemetry;

/// <summary>Makes a span the current one until disposal, which restores the caller's. Does nothing without a span.</summary>
readonly struct ActivityScope : IDisposable
{
    readonly Activity? _former;
    readonly bool _entered;

    internal ActivityScope(Activity? span)
    {
        if (span is null) return;
        _former = Activity.Current;
        if (ReferenceEquals(_former, span)) return;
        _entered = true;
        Activity.Current = span;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_entered) Activity.Current = _former;
    }
}
