using Microsoft.Extensions.Logging;
using Vllm.Resources;

namespace Vllm.Load;

/// <summary>The resource probe of one run: the caller's own, or one made for the run. Nothing that it does can fail the run.</summary>
sealed class RunResources(ResourceProbe? given, IVllmClient? client, TimeProvider clock, ILoggerFactory? loggerFactory) : IAsyncDisposable
{
    ResourceProbe? _own;
    ResourceRecording? _recording;

    /// <summary>Takes the first sample, and samples from then on.</summary>
    /// <exception cref="ObjectDisposedException">The caller's probe is disposed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (given is null)
        {
            // A clock that jumps has no machine; without a server either, there is nothing to see.
            if (clock != TimeProvider.System && client is null) return;
            _own = ResourceProbe.ForRun(client, new() { TimeProvider = clock, LoggerFactory = loggerFactory });
        }

        _recording = await (given ?? _own!).RecordAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the last sample; null if nothing was recorded.</summary>
    public async Task<ResourceTimeline?> StopAsync() => _recording is null ? null : await _recording.StopAsync(CancellationToken.None).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (_recording is not null) await _recording.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_own is not null) await _own.DisposeAsync().ConfigureAwait(false);
    }
}
