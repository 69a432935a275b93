using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vllm.Resources;

/// <summary>Reads what this process, its machine and container, its GPUs and the vLLM servers use. A source that fails never disturbs the others.</summary>
/// <remarks>Figures that nobody could read are null, with the reason in <see cref="Sources"/>.</remarks>
public sealed class ResourceProbe : IAsyncDisposable
{
    /// <summary>Name of the target that is this application itself.</summary>
    public const string AppTarget = "app";

    const int WatcherKeeps = 16;

    readonly ProbeSources _sources;
    readonly ProbeListeners _listeners = new();
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly TickGate _oneTick = new();
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _sync = new();
    readonly ResourceProbeOptions _options;
    readonly IDisposable? _instruments;
    Task? _loop;
    bool _disposed;

    /// <summary>Creates a probe. It reads nothing until it is started or asked.</summary>
    /// <param name="options">The settings, which are copied; null: the defaults, which is this application alone.</param>
    /// <param name="services">Clock, meters, logs, handler; null takes the defaults.</param>
    /// <exception cref="ArgumentException">One or several options are wrong; the message lists all of them.</exception>
    public ResourceProbe(ResourceProbeOptions? options = null, ResourceProbeServices? services = null)
        : this(options, services, null)
    {
    }

    ResourceProbe(ResourceProbeOptions? options, ResourceProbeServices? services, IVllmClient? client)
    {
        options ??= new();
        ResourceProbeOptionsValidator.ThrowIfInvalid(options);
        _options = options.Copy();
        // Named although it has no URL, so that what nobody reads of it is told too.
        if (client is not null) _options.Servers.Add(new(ClientSource.TargetName));
        _clock = services?.TimeProvider ?? TimeProvider.System;
        _logger = services?.LoggerFactory?.CreateLogger(ProbeLog.Category) ?? NullLogger.Instance;
        _sources = new(_options, client, services?.HttpHandler, _clock, _logger);
        if (_options.Instruments) _instruments = InstrumentsOfResources.Of(services?.MeterFactory).Publish(this);
    }

    /// <summary>A probe for one load run: this application, and the server behind the run's client, read through that client. It shows no instruments.</summary>
    internal static ResourceProbe ForRun(IVllmClient? client, ResourceProbeServices services) => new(new() { Instruments = false }, services, client);

    /// <summary>The latest sample; null before the first.</summary>
    public ResourceSample? Latest { get; private set; }

    /// <summary>How each source is doing: those of <c>app</c> first, then those of the servers in the order of the options.</summary>
    public IReadOnlyList<ResourceSourceStatus> Sources => _sources.Statuses();

    internal TimeProvider Clock => _clock;

    internal TimeSpan Interval => _options.Interval;

    /// <summary>How often a source of a target is read.</summary>
    internal TimeSpan IntervalOf(string target, string source)
    {
        var interval = source == NvidiaSmi.SourceName ? NvidiaSmi.Least : Interval;
        foreach (var server in _options.Servers)
            if (server.Name == target && _options.RemoteInterval > interval) return _options.RemoteInterval;
        return interval > Interval ? interval : Interval;
    }

    internal bool ShowsServers => _options.ServerInstruments;

    /// <summary>Begins to take samples in the background. Further calls do nothing.</summary>
    public void Start()
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Virtual time has one thread of its own, and must do the same in each run.
            _loop ??= _clock == TimeProvider.System ? Task.Run(RunAsync, CancellationToken.None) : RunAsync();
        }
    }

    /// <summary>Reads all sources now, also those that rest after a failure.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The sample, which is <see cref="Latest"/> too.</returns>
    public async Task<ResourceSample> SampleAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            return await TickAsync(null, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(ResourceProbe));
        }
    }

    /// <summary>The samples from now on, as they are taken, until the probe is disposed. A reader that falls behind gets the newest 16.</summary>
    /// <param name="cancellationToken">Ends the watching with an exception.</param>
    public async IAsyncEnumerable<ResourceSample> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<ResourceSample>(new BoundedChannelOptions(WatcherKeeps) { FullMode = BoundedChannelFullMode.DropOldest });
        using var watching = _listeners.Add(channel.Writer);
        Start();
        await foreach (var sample in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return sample;
    }

    /// <summary>Takes a sample and keeps it and all that follow, until the recording is stopped. Pages are read at every tick meanwhile.</summary>
    /// <param name="cancellationToken">Gives up waiting for the first sample.</param>
    public async Task<ResourceRecording> RecordAsync(CancellationToken cancellationToken = default)
    {
        var recording = new ResourceRecording(this, _options.Servers);
        recording.Keep(await SampleAsync(cancellationToken).ConfigureAwait(false));
        _listeners.Add(recording);
        Start();
        return recording;
    }

    /// <summary>Stops taking samples and waits until the loop has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (_sync)
        {
            if (_disposed) return;
            _disposed = true;
            loop = _loop;
        }

        _instruments?.Dispose();
        if (_clock == TimeProvider.System) await _stopping.CancelAsync().ConfigureAwait(false);
        else
#pragma warning disable CA1849 // The asynchronous way ends on a pool thread, which virtual time does not know.
            _stopping.Cancel();
#pragma warning restore CA1849
        if (loop is not null) await loop.ConfigureAwait(false);
        _listeners.Complete();
        await _sources.DisposeAsync().ConfigureAwait(false);
    }

    internal void Remove(ResourceRecording recording) => _listeners.Remove(recording);

    Task RunAsync() => new ProbeLoop((tick, stopping) => TickAsync(tick, stopping).AsTask(), _options.Interval, _clock, _logger).RunAsync(_stopping.Token);

    /// <summary>Reads what is due at a tick; all of it if there is none.</summary>
    internal async ValueTask<ResourceSample> TickAsync(long? tick, CancellationToken cancellationToken)
    {
        await _oneTick.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var remote = _listeners.Records ? _options.Interval : _options.RemoteInterval;
            await _sources.ReadAsync(tick, _options.Interval, remote, cancellationToken).ConfigureAwait(false);
            var sample = new ResourceSample { Timestamp = _clock.GetTimestamp(), Time = _clock.GetUtcNow(), Targets = _sources.Targets() };
            Latest = sample;
            _listeners.Publish(sample, _sources);
            return sample;
        }
        finally
        {
            _oneTick.Leave();
        }
    }
}
