namespace Vllm;

/// <summary>Sees every call that the current async flow makes, as the client measures it. This is all a load runner needs to know of a call.</summary>
/// <remarks>
/// Events of one call arrive in order and never at the same time; calls that run in parallel are the observer's care.
/// It flows as an <see cref="AsyncLocal{T}"/> does. ASP.NET Core's <c>TestServer</c> begins a flow of its own for each request: calls made behind it are seen only
/// with <c>PreserveExecutionContext = true</c>.
/// An observer must not block. If it throws, it is dropped for that call and a warning is logged once per client.
/// </remarks>
public abstract class VllmCallObserver
{
    static readonly AsyncLocal<VllmCallObserver?> Ambient = new();

    /// <summary>The observer of the current async flow; null if there is none.</summary>
    public static VllmCallObserver? Current => Ambient.Value;

    /// <summary>Makes an observer ambient for the current async flow.</summary>
    /// <param name="observer">The observer; calls that begin from now on report to it.</param>
    /// <returns>A scope whose disposal restores the observer that was ambient before.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="observer"/> is null.</exception>
    public static IDisposable Use(VllmCallObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var former = Ambient.Value;
        Ambient.Value = observer;
        return new Scope(former);
    }

    /// <summary>An attempt was handed to HTTP. Called once per attempt.</summary>
    public virtual void OnSent(in CallSent sent) { }

    /// <summary>A content event arrived. Called per event and choice, before the caller sees the update.</summary>
    public virtual void OnContent(in ContentArrival arrival) { }

    /// <summary>The call ended. Called exactly once, after the instruments have recorded it.</summary>
    public virtual void OnEnded(in VllmCallSummary summary) { }

    sealed class Scope(VllmCallObserver? former) : IDisposable
    {
        bool _disposed;

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            Ambient.Value = former;
        }
    }
}
