using System.Threading.Channels;

namespace Vllm.Resources;

/// <summary>Who gets each sample.</summary>
sealed class ProbeListeners
{
    readonly Lock _sync = new();
    readonly List<ChannelWriter<ResourceSample>> _watchers = [];
    readonly List<ResourceRecording> _recordings = [];
    bool _completed;

    /// <summary>Whether anything records.</summary>
    public bool Records
    {
        get
        {
            lock (_sync) return _recordings.Count > 0;
        }
    }

    public IDisposable Add(ChannelWriter<ResourceSample> watcher)
    {
        lock (_sync)
        {
            _watchers.Add(watcher);
            if (_completed) watcher.TryComplete();
        }

        return new Watching(this, watcher);
    }

    public void Add(ResourceRecording recording)
    {
        lock (_sync) _recordings.Add(recording);
    }

    public void Remove(ResourceRecording recording)
    {
        lock (_sync) _recordings.Remove(recording);
    }

    public void Publish(ResourceSample sample, ProbeSources sources)
    {
        lock (_sync)
        {
            foreach (var watcher in _watchers) watcher.TryWrite(sample);
            foreach (var recording in _recordings)
            {
                recording.Keep(sample);
                recording.Note(sources);
            }
        }
    }

    public void Complete()
    {
        lock (_sync)
        {
            _completed = true;
            foreach (var watcher in _watchers) watcher.TryComplete();
        }
    }

    sealed class Watching(ProbeListeners listeners, ChannelWriter<ResourceSample> watcher) : IDisposable
    {
        public void Dispose()
        {
            lock (listeners._sync) listeners._watchers.Remove(watcher);
        }
    }
}
