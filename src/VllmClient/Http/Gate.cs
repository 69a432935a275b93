namespace Vllm.Http;

/// <summary>Lets a limited number of calls through, in order of arrival.</summary>
sealed class Gate(int places)
{
    readonly Lock _lock = new();
    readonly LinkedList<TaskCompletionSource> _waiting = new();
    int _free = places;

    /// <summary>Takes a place if one is free and nobody waits.</summary>
    internal bool TryEnter()
    {
        lock (_lock)
        {
            if (_free == 0) return false;
            _free--;
            return true;
        }
    }

    /// <summary>Waits for a place.</summary>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource();
        LinkedListNode<TaskCompletionSource> node;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            node = _waiting.AddLast(place);
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(node, cancellationToken), null).ConfigureAwait(false);
        await place.Task.ConfigureAwait(false);
    }

    internal void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                _free++;
                return;
            }

            next = first.Value;
            _waiting.RemoveFirst();
        }

        next.SetResult();
    }

    void GiveUp(LinkedListNode<TaskCompletionSource> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null) return;
            _waiting.Remove(node);
        }

        node.Value.SetCanceled(cancellationToken);
    }
}
