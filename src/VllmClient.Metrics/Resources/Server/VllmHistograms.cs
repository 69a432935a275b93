namespace Vllm.Resources;

/// <summary>The histograms that a sample shows, in the order of their sums.</summary>
enum VllmHistogram
{
    TimeToFirstToken,
    InterTokenLatency,
    OldInterTokenLatency,
    TimePerOutputToken,
    EndToEnd,
    Queue,
    Prefill,
    Decode,
}

/// <summary>The histograms of a vLLM page.</summary>
sealed class VllmHistograms
{
    readonly HistogramSum[] _sums = [new(), new(), new(), new(), new(), new(), new(), new()];

    public void Clear()
    {
        foreach (var sum in _sums) sum.Clear();
    }

    public bool Take(ReadOnlySpan<byte> name, ref PrometheusReader reader)
    {
        var seconds = name.LastIndexOf("_seconds"u8);
        if (seconds < 0 || Place(name[..seconds]) is not { } place) return false;
        _sums[(int)place].Add(name[(seconds + "_seconds".Length)..], reader.RawLabel("le"u8), reader.Value);
        return true;
    }

    public ServerHistogram? Of(VllmHistogram histogram) => _sums[(int)histogram].Result();

    static VllmHistogram? Place(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("time_to_first_token"u8)) return VllmHistogram.TimeToFirstToken;
        if (name.SequenceEqual("inter_token_latency"u8)) return VllmHistogram.InterTokenLatency;
        if (name.SequenceEqual("time_per_output_token"u8)) return VllmHistogram.OldInterTokenLatency;
        if (name.SequenceEqual("request_time_per_output_token"u8)) return VllmHistogram.TimePerOutputToken;
        if (name.SequenceEqual("e2e_request_latency"u8)) return VllmHistogram.EndToEnd;
        if (name.SequenceEqual("request_queue_time"u8)) return VllmHistogram.Queue;
        if (name.SequenceEqual("request_prefill_time"u8)) return VllmHistogram.Prefill;
        return name.SequenceEqual("request_decode_time"u8) ? VllmHistogram.Decode : null;
    }
}
