using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>All sources of a probe.</summary>
sealed class ProbeSources : IAsyncDisposable
{
    readonly List<SourceSlot> _slots = [];
    readonly List<string> _targets = [];
    readonly List<IAsyncDisposable> _owned = [];
    readonly List<Task> _reading = [];
    readonly TimeProvider _clock;

    public ProbeSources(ResourceProbeOptions options, IVllmClient? client, HttpMessageHandler? handler, TimeProvider clock, ILogger logger)
    {
        _clock = clock;
        var local = new LocalSources(options, isVirtual: clock != TimeProvider.System);
        _owned.Add(local);
        foreach (var (source, kind) in local.Sources) Add(source, kind);
        var http = new PageHttp(handler);
        _owned.Add(http);
        foreach (var server in options.Servers)
        {
            var kind = SourceKind.Remote(server.Name);
            if (server.Url is { } url) Add(new VllmSource(server, new(http, ServerUrl.Below(url, "metrics"), server.Headers, clock, server.KeyProvider), new(http, ServerUrl.Below(url, "health"), server.Headers, clock, server.KeyProvider), clock), kind);
            if (server.NodeExporter is { } node) Add(new NodeSource(server.Name, new(http, node, ServerUrl.HeadersFor(server, node), clock)), kind);
            foreach (var page in server.Pages) Add(new AnyPageSource(server, new(http, page, ServerUrl.HeadersFor(server, page), clock)), kind);
            if (server.GpuExporter is { } gpu) Add(new GpuExporterSource(server, new(http, gpu, ServerUrl.HeadersFor(server, gpu), clock)), kind);
        }

        if (client is not null) Add(new ClientSource(client, clock), SourceKind.Remote(ClientSource.TargetName));
        foreach (var source in options.Sources) Add(source, SourceKind.Foreign);

        void Add(IResourceSource source, SourceKind kind)
        {
            _slots.Add(new(source, kind, clock, logger));
            if (!_targets.Contains(source.Target)) _targets.Add(source.Target);
        }
    }

    public ResourceSourceStatus[] Statuses()
    {
        var statuses = new ResourceSourceStatus[_slots.Count];
        for (var i = 0; i < statuses.Length; i++) statuses[i] = _slots[i].Status;
        return statuses;
    }

    /// <summary>The source at a place, in the order of the statuses.</summary>
    public SourceSlot At(int place) => _slots[place];

    public int Count => _slots.Count;

    /// <summary>Reads what is due at a tick, side by side; all of it if there is no tick.</summary>
    public async ValueTask ReadAsync(long? tick, TimeSpan interval, TimeSpan remoteInterval, CancellationToken cancellationToken)
    {
        var now = _clock.GetTimestamp();
        // A server that is slow must not hold up the next tick of the others.
        TimeSpan? hurry = tick is null ? null : interval / 2;
        _reading.Clear();
        foreach (var slot in _slots)
        {
            if (tick is { } number && !slot.IsDue(number, now, interval, remoteInterval)) continue;
            var reading = slot.ReadAsync(slot.IsRemote ? remoteInterval : interval, hurry, cancellationToken);
            // One that failed is told at the end, so that none still runs when the next tick begins.
            if (reading.IsCompletedSuccessfully) await reading.ConfigureAwait(false);
            else _reading.Add(reading.AsTask());
        }

        if (_reading.Count > 0) await Task.WhenAll(_reading).ConfigureAwait(false);
    }

    /// <summary>What the sources gave last, by target.</summary>
    public TargetSample[] Targets()
    {
        var samples = new TargetSample[_targets.Count];
        var count = 0;
        foreach (var target in _targets)
        {
            ProcessSample? process = null;
            MachineSample? machine = null;
            ContainerSample? container = null;
            IReadOnlyList<GpuSample>? gpus = null;
            ServerSample? server = null;
            foreach (var slot in _slots)
            {
                if (slot.Current is not { } reading || slot.Target != target) continue;
                process ??= reading.Process;
                machine ??= reading.Machine;
                container ??= reading.Container;
                gpus ??= reading.Gpus;
                server ??= reading.Server;
            }

            if (process is not null || machine is not null || container is not null || gpus is not null || server is not null)
                samples[count++] = new() { Name = target, Process = process, Machine = machine, Container = container, Gpus = gpus, Server = server };
        }

        return count == samples.Length ? samples : samples[..count];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned) await owned.DisposeAsync().ConfigureAwait(false);
    }
}
