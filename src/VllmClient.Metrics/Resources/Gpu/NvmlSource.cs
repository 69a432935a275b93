using System.Collections.Concurrent;

namespace Vllm.Resources;

/// <summary>NVIDIA's GPUs, by the driver's library, on a thread of its own: a driver in trouble can hold a call for ever.</summary>
sealed class NvmlSource(IEnumerable<string> gpuIds, string? path = null) : IResourceSource, IDisposable
{
    /// <summary>How long a reading may take; starting the driver alone can take seconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    readonly GpuFilter _filter = new(gpuIds);
    readonly BlockingCollection<TaskCompletionSource<ResourceReading>> _asked = [];
    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    NvmlLibrary? _library;
    Thread? _thread;

    public string Name => "nvml";

    public string Target => ResourceProbe.AppTarget;

    /// <summary>Whether the last reading gave GPUs.</summary>
    public bool Works { get; private set; }

    /// <summary>Ends with the first reading, however it went.</summary>
    public Task FirstReading => _first.Task;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = new ResourceReading();
        try
        {
            _library ??= NvmlLibrary.TryLoad(path);
            if (_library is null) return reading = ResourceReading.Absent("no NVML library");
            if (_thread is null)
            {
                _thread = new(Work) { IsBackground = true, Name = "VllmClient NVML" };
                _thread.Start();
            }

            var asked = new TaskCompletionSource<ResourceReading>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Add(asked, CancellationToken.None);
            reading = await asked.Task.ConfigureAwait(false);
            if (reading.Gpus is { } gpus && _filter.Of(gpus) is var wanted)
                reading = wanted.Count == 0 ? ResourceReading.Absent("NVML shows none of the GPUs asked for") : reading with { Gpus = wanted };
            return reading;
        }
        finally
        {
            Works = reading.Gpus is not null;
            _first.TrySetResult();
        }
    }

    // The thread ends by itself when there is nothing more to ask; one that hangs is left behind.
    public void Dispose()
    {
        _asked.CompleteAdding();
        _first.TrySetResult();
    }

    void Work()
    {
        var reader = new NvmlReader(_library!);
        foreach (var asked in _asked.GetConsumingEnumerable())
        {
            try
            {
                asked.SetResult(reader.Read());
            }
            catch (SourceFailure failure)
            {
                asked.SetException(failure);
            }
        }

        reader.End();
        _library!.Dispose();
        _asked.Dispose();
    }
}
