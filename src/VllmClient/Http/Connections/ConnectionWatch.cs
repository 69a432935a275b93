namespace Vllm.Http;

/// <summary>What an attempt found on its connection; on all of them, if there were several.</summary>
/// <param name="WasReused">Whether the connection had brought an answer before.</param>
/// <param name="BytesReceived">Bytes that came back since the attempt's request, half a head included.</param>
readonly record struct ConnectionUse(bool WasReused, long BytesReceived);

/// <summary>Learns over which connection an attempt goes. HTTP does not tell: a connection reports itself when it is written to in the attempt's flow.</summary>
sealed class ConnectionWatch
{
    static readonly AsyncLocal<ConnectionWatch?> Ambient = new();

    // More than one if HTTP itself or a handler of the application's sends again within the attempt, or if a tunnel through a proxy lies below.
    readonly List<(WatchedStream Connection, long Before)> _written = new(1);

    /// <summary>The watch of the attempt in whose flow the code runs; null if none does.</summary>
    internal static ConnectionWatch? Current => Ambient.Value;

    /// <summary>What is known of the connection. Null if none reported itself: the handler is foreign, or it speaks HTTP/2, where calls share a connection.</summary>
    internal ConnectionUse? Use
    {
        get
        {
            lock (_written)
            {
                if (_written.Count == 0) return null;
                return new(_written.TrueForAll(one => one.Before > 0), _written.Sum(one => one.Connection.Received - one.Before));
            }
        }
    }

    /// <summary>Makes this watch that of the current flow, until disposal.</summary>
    internal Scope Enter()
    {
        var former = Ambient.Value;
        Ambient.Value = this;
        return new(former);
    }

    /// <summary>A part of the request goes into a connection.</summary>
    internal void Writes(WatchedStream connection)
    {
        lock (_written)
        {
            foreach (var (known, _) in _written)
                if (ReferenceEquals(known, connection)) return;
            _written.Add((connection, connection.ReceivedBeforeRead));
        }
    }

    internal readonly struct Scope(ConnectionWatch? former) : IDisposable
    {
        public void Dispose() => Ambient.Value = former;
    }
}
