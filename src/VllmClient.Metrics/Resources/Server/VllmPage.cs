using System.Text;

namespace Vllm.Resources;

/// <summary>Reads vLLM's <c>/metrics</c> into a sample. It keeps its buffers for the next page, so one reader serves one server.</summary>
sealed class VllmPage(string? model = null)
{
    readonly byte[]? _model = model is null ? null : Encoding.UTF8.GetBytes(model);
    readonly VllmGauges _gauges = new();
    readonly VllmCounters _counters = new();
    readonly VllmHistograms _histograms = new();
    double? _created;
    double? _cpu;
    double? _memory;
    double? _start;

    /// <summary>Lines of the last page that were not understood.</summary>
    public int SkippedLines { get; private set; }

    /// <summary>Reads a page; null if it has no series of vLLM's.</summary>
    public ServerSample? Read(ReadOnlySpan<byte> page)
    {
        Clear();
        var any = false;
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels], IsWanted);
        while (reader.MoveNext())
        {
            if (reader.Name.StartsWith("process_"u8)) TakeProcess(reader.Name, reader.Value);
            else
            {
                if (_model is not null && reader.RawLabel("model_name"u8) is { IsEmpty: false } name && !name.SequenceEqual(_model)) continue;
                any |= Take(ref reader);
            }
        }

        SkippedLines = reader.SkippedLines;
        return any ? Sample() : null;
    }

    static bool IsWanted(ReadOnlySpan<byte> name) => name.StartsWith("vllm:"u8) || name.StartsWith("vllm_"u8) || name.StartsWith("process_"u8);

    void Clear()
    {
        _gauges.Clear();
        _counters.Clear();
        _histograms.Clear();
        _created = _cpu = _memory = _start = null;
    }

    bool Take(ref PrometheusReader reader)
    {
        // Both prefixes are five bytes long.
        var name = reader.Name[5..];
        if (name.EndsWith("_created"u8))
        {
            if (_created is null || reader.Value < _created) _created = reader.Value;
            return false;
        }

        return _gauges.Take(name, ref reader) || _counters.Take(name, ref reader) || _histograms.Take(name, ref reader);
    }

    void TakeProcess(ReadOnlySpan<byte> name, double value)
    {
        if (name.SequenceEqual("process_cpu_seconds_total"u8)) PageNumbers.Add(ref _cpu, value);
        else if (name.SequenceEqual("process_resident_memory_bytes"u8)) PageNumbers.Add(ref _memory, value);
        else if (name.SequenceEqual("process_start_time_seconds"u8)) _start = value;
    }

    ServerSample Sample()
    {
        var hasProcess = _cpu is not null || _memory is not null;
        var sample = new ServerSample
        {
            ApiProcess = hasProcess ? new() { CpuTime = PageNumbers.Seconds(_cpu), WorkingSetBytes = PageNumbers.Whole(_memory), StartSeconds = _start } : null,
            CreatedSeconds = _created,
            Running = _gauges.Running,
            Waiting = _gauges.Waiting,
            KvCacheUtilization = _gauges.KvCache,
            Engines = _gauges.Engines(),
            PromptTokens = PageNumbers.Whole(_counters.PromptTokens),
            GenerationTokens = PageNumbers.Whole(_counters.GenerationTokens),
            CachedPromptTokens = PageNumbers.Whole(_counters.CachedPromptTokens),
            Preemptions = PageNumbers.Whole(_counters.Preemptions),
            Rejected = PageNumbers.Whole(_counters.Rejected),
            PrefixCacheHits = PageNumbers.Whole(_counters.PrefixCacheHits),
            PrefixCacheQueries = PageNumbers.Whole(_counters.PrefixCacheQueries),
            Finished = _counters.Finished(),
            TimeToFirstToken = _histograms.Of(VllmHistogram.TimeToFirstToken),
            InterTokenLatency = _histograms.Of(VllmHistogram.InterTokenLatency) ?? _histograms.Of(VllmHistogram.OldInterTokenLatency),
            TimePerOutputToken = _histograms.Of(VllmHistogram.TimePerOutputToken),
            EndToEnd = _histograms.Of(VllmHistogram.EndToEnd),
            Queue = _histograms.Of(VllmHistogram.Queue),
            Prefill = _histograms.Of(VllmHistogram.Prefill),
            Decode = _histograms.Of(VllmHistogram.Decode),
        };
        return sample;
    }
}
