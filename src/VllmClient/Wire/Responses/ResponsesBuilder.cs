namespace Vllm.Wire;

/// <summary>Puts the events of a streamed response together, for what had arrived when it broke off.</summary>
sealed class ResponsesBuilder : IDisposable
{
    readonly SortedDictionary<int, OpenItem> _items = [];
    ResponsesResult? _response;

    /// <summary>Whether anything of the response has arrived.</summary>
    internal bool HasContent => _response is not null || _items.Count > 0;

    internal void Add(ResponsesEvent part)
    {
        _response = part.Response ?? _response;
        if (part.OutputIndex is not { } index) return;
        if (!_items.TryGetValue(index, out var item)) _items.Add(index, item = new());
        item.Add(part);
    }

    internal ResponsesResult ToResult(CallInfo info)
    {
        var known = _response ?? new();
        return known with { Info = info, Usage = Usage.Known(known.Usage, _items.Count > 0), Output = known.Output.Count >= _items.Count ? known.Output : [.. _items.Values.Select(item => item.ToItem())] };
    }

    public void Dispose()
    {
        foreach (var item in _items.Values) item.Dispose();
    }

    sealed class OpenItem : IDisposable
    {
        readonly TextBuffer _text = new();
        ResponsesItem? _item;
        string _lastDelta = "";
        bool _isDone;

        internal void Add(ResponsesEvent part)
        {
            _item = part.Item ?? _item;
            _isDone |= part.Item is not null && part.Type.EndsWith(".done", StringComparison.Ordinal);
            if (part.Delta is null) return;
            _lastDelta = part.Type;
            _text.Append(part.Delta);
        }

        // An item that was not finished gets what its deltas brought; it is no longer the item that came.
        internal ResponsesItem ToItem()
        {
            var isReasoning = _lastDelta.Contains("reasoning", StringComparison.Ordinal);
            var item = _item ?? new() { Type = isReasoning ? "reasoning" : "message" };
            if (_isDone || _text.IsEmpty) return item;
            if (item.Type == "function_call" || _lastDelta == ResponsesEvent.ArgumentsDelta) return item with { Arguments = _text.ToString(), Json = null };
            return item with { Content = [new() { Type = isReasoning ? "reasoning_text" : "output_text", Text = _text.ToString() }], Json = null };
        }

        public void Dispose() => _text.Dispose();
    }
}
