namespace Vllm.Resources;

/// <summary>The gauges of a vLLM page, by engine and model.</summary>
sealed class VllmGauges
{
    const int Most = 1024;

    readonly List<Row> _rows = [];
    readonly Row _beyond = new(default, default);
    int _used;

    public long? Running => Sum(static row => row.Running);

    public long? Waiting => Sum(static row => row.Waiting ?? row.WaitingByReason);

    public double? KvCache
    {
        get
        {
            double? most = null;
            for (var i = 0; i < _used; i++)
                if (_rows[i].Kv is { } share && !(share <= most)) most = share;
            return most;
        }
    }

    public void Clear() => _used = 0;

    public bool Take(ReadOnlySpan<byte> name, ref PrometheusReader reader)
    {
        if (name.SequenceEqual("num_requests_running"u8)) PageNumbers.Add(ref Of(ref reader).Running, reader.Value);
        else if (name.SequenceEqual("num_requests_waiting"u8)) PageNumbers.Add(ref Of(ref reader).Waiting, reader.Value);
        else if (name.SequenceEqual("num_requests_waiting_by_reason"u8)) PageNumbers.Add(ref Of(ref reader).WaitingByReason, reader.Value);
        else if (name.SequenceEqual("kv_cache_usage_perc"u8)) Of(ref reader).KvCache = reader.Value;
        else if (name.SequenceEqual("gpu_cache_usage_perc"u8)) Of(ref reader).OldKvCache = reader.Value;
        else return false;
        return true;
    }

    public IReadOnlyList<EngineSample> Engines()
    {
        var engines = new EngineSample[_used];
        for (var i = 0; i < _used; i++)
        {
            var row = _rows[i];
            engines[i] = new()
            {
                Engine = row.EngineName,
                Model = row.ModelName,
                Running = PageNumbers.Whole(row.Running),
                Waiting = PageNumbers.Whole(row.Waiting ?? row.WaitingByReason),
                KvCacheUtilization = row.Kv,
            };
        }

        return engines;
    }

    long? Sum(Func<Row, double?> figure)
    {
        double? sum = null;
        for (var i = 0; i < _used; i++)
            if (figure(_rows[i]) is { } value) PageNumbers.Add(ref sum, value);
        return PageNumbers.Whole(sum);
    }

    Row Of(ref PrometheusReader reader)
    {
        var engine = reader.RawLabel("engine"u8);
        var model = reader.RawLabel("model_name"u8);
        for (var i = 0; i < _used; i++)
            if (_rows[i].Is(engine, model)) return _rows[i];
        // No server has more engines and models; looking through all that a page of other making brings would take seconds.
        if (_used == Most) return _beyond;
        // A row kept from the page before has its texts already, if it is of the same engine.
        if (_used == _rows.Count) _rows.Add(new(engine, model));
        else if (_rows[_used].Is(engine, model)) _rows[_used].Clear();
        else _rows[_used] = new(engine, model);
        return _rows[_used++];
    }

    sealed class Row(ReadOnlySpan<byte> engine, ReadOnlySpan<byte> model)
    {
        readonly byte[] _engine = engine.ToArray();
        readonly byte[] _model = model.ToArray();

        public double? Running;
        public double? Waiting;
        public double? WaitingByReason;
        public double? KvCache;
        public double? OldKvCache;

        public string EngineName { get; } = PrometheusLine.Unescape(engine);

        public string? ModelName { get; } = model.IsEmpty ? null : PrometheusLine.Unescape(model);

        public double? Kv => PageNumbers.Positive(KvCache ?? OldKvCache);

        public bool Is(ReadOnlySpan<byte> engine, ReadOnlySpan<byte> model) => engine.SequenceEqual(_engine) && model.SequenceEqual(_model);

        public void Clear() => Running = Waiting = WaitingByReason = KvCache = OldKvCache = null;
    }
}
