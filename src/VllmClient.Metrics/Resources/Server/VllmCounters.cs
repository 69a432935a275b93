namespace Vllm.Resources;

/// <summary>The counters of a vLLM page, summed over their labels.</summary>
sealed class VllmCounters
{
    readonly List<(string Reason, byte[] Raw)> _reasons = [];
    readonly List<double?> _finished = [];
    double? _hits;
    double? _queries;
    double? _oldHits;
    double? _oldQueries;

    public double? PromptTokens;
    public double? GenerationTokens;
    public double? CachedPromptTokens;
    public double? Preemptions;
    public double? Rejected;

    public double? PrefixCacheHits => _queries is null ? _oldHits : _hits;

    public double? PrefixCacheQueries => _queries ?? _oldQueries;

    public void Clear()
    {
        for (var i = 0; i < _finished.Count; i++) _finished[i] = null;
        _hits = _queries = _oldHits = _oldQueries = PromptTokens = GenerationTokens = CachedPromptTokens = Preemptions = Rejected = null;
    }

    public bool Take(ReadOnlySpan<byte> name, ref PrometheusReader reader)
    {
        if (!name.EndsWith("_total"u8)) return false;
        var value = reader.Value;
        if (name.SequenceEqual("prompt_tokens_total"u8)) PageNumbers.Add(ref PromptTokens, value);
        else if (name.SequenceEqual("generation_tokens_total"u8)) PageNumbers.Add(ref GenerationTokens, value);
        else if (name.SequenceEqual("prompt_tokens_cached_total"u8)) PageNumbers.Add(ref CachedPromptTokens, value);
        else if (name.SequenceEqual("num_preemptions_total"u8)) PageNumbers.Add(ref Preemptions, value);
        else if (name.SequenceEqual("admission_rejections_total"u8)) PageNumbers.Add(ref Rejected, value);
        else if (name.SequenceEqual("request_success_total"u8)) TakeFinished(reader.RawLabel("finished_reason"u8), value);
        else return TakePrefixCache(name, value);
        return true;
    }

    bool TakePrefixCache(ReadOnlySpan<byte> name, double value)
    {
        if (name.SequenceEqual("prefix_cache_hits_total"u8)) PageNumbers.Add(ref _hits, value);
        else if (name.SequenceEqual("prefix_cache_queries_total"u8)) PageNumbers.Add(ref _queries, value);
        else if (name.SequenceEqual("gpu_prefix_cache_hits_total"u8)) PageNumbers.Add(ref _oldHits, value);
        else if (name.SequenceEqual("gpu_prefix_cache_queries_total"u8)) PageNumbers.Add(ref _oldQueries, value);
        else return false;
        return true;
    }

    void TakeFinished(ReadOnlySpan<byte> reason, double value)
    {
        var place = 0;
        while (place < _reasons.Count && !reason.SequenceEqual(_reasons[place].Raw)) place++;
        // A server has a handful of reasons; a page of other making could bring any number.
        if (place == 64) return;
        if (place == _reasons.Count)
        {
            _reasons.Add((PrometheusLine.Unescape(reason), reason.ToArray()));
            _finished.Add(null);
        }

        _finished[place] = (_finished[place] ?? 0) + value;
    }

    public IReadOnlyDictionary<string, long>? Finished()
    {
        Dictionary<string, long>? finished = null;
        for (var i = 0; i < _reasons.Count; i++)
            if (PageNumbers.Whole(_finished[i]) is { } count) (finished ??= new(StringComparer.Ordinal))[_reasons[i].Reason] = count;
        return finished;
    }
}
