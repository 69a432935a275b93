namespace Vllm.Resources;

/// <summary>Keeps the samples of a probe until it is stopped.</summary>
/// <remarks>It keeps 7,200 samples at full rate, then every second one, and so on; the first and the last are always among them.</remarks>
public sealed class ResourceRecording
{
    const int Most = 7200;

    readonly ResourceProbe _probe;
    readonly IReadOnlyList<ResourceServer> _servers;
    readonly Lock _sync = new();
    readonly List<ResourceSample> _samples = [];
    readonly List<ResourceSourceStatus> _changes = [];
    ResourceSourceState[] _states = [];
    long _seen;
    int _every = 1;
    ResourceTimeline? _result;

    internal ResourceRecording(ResourceProbe probe, IEnumerable<ResourceServer> servers)
    {
        _probe = probe;
        _servers = [.. servers];
        _changes.AddRange(probe.Sources);
    }

    /// <summary>Takes a last sample and ends the recording. Further calls give the same result.</summary>
    /// <param name="cancellationToken">Gives up waiting for the last sample; the recording goes on.</param>
    public async Task<ResourceTimeline> StopAsync(CancellationToken cancellationToken = default)
    {
        if (_result is not null) return _result;
        ResourceSample? last;
        try
        {
            last = await _probe.SampleAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The probe ended first; what it gave until then counts.
            last = null;
        }

        _probe.Remove(this);
        lock (_sync)
        {
            if (last is not null && _samples[^1] != last) _samples.Add(last);
            return _result ??= new(_samples, _probe.Sources, _changes, _servers, _probe.Clock.TimestampFrequency, _probe.Interval);
        }
    }

    internal void Keep(ResourceSample sample)
    {
        lock (_sync)
        {
            if (_result is not null || _seen++ % _every != 0) return;
            _samples.Add(sample);
            if (_samples.Count < Most) return;
            var kept = 0;
            for (var i = 0; i < _samples.Count; i += 2) _samples[kept++] = _samples[i];
            _samples.RemoveRange(kept, _samples.Count - kept);
            _every *= 2;
        }
    }

    /// <summary>Notes which sources changed their state since the sample before.</summary>
    internal void Note(ProbeSources sources)
    {
        lock (_sync)
        {
            if (_states.Length != sources.Count)
            {
                _states = new ResourceSourceState[sources.Count];
                for (var i = 0; i < _states.Length; i++) _states[i] = _changes[i].State;
            }

            for (var i = 0; i < _states.Length; i++)
            {
                var slot = sources.At(i);
                if (slot.State == _states[i]) continue;
                _states[i] = slot.State;
                if (_changes.Count < Most) _changes.Add(slot.Status);
            }
        }
    }
}
