namespace Vllm.Resources;

/// <summary>Lets one tick run at a time. Unlike a semaphore it wakes the next on the thread of the last, as virtual time needs it.</summary>
sealed class TickGate
{
    readonly Lock _sync = new();
    readonly Queue<TaskCompletionSource> _waiting = new();
    bool _isTaken;

    public ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource mine;
        lock (_sync)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return default;
            }

            _waiting.Enqueue(mine = new());
        }

        return WaitAsync(mine, cancellationToken);
    }

    public void Leave()
    {
        while (true)
        {
            TaskCompletionSource? next;
            lock (_sync)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isTaken = false;
                    return;
                }
            }

            // One that gave up is passed over.
            if (next.TrySetResult()) return;
        }
    }

    static async ValueTask WaitAsync(TaskCompletionSource mine, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static waiter => ((TaskCompletionSource)waiter!).TrySetCanceled(), mine);
        await mine.Task.ConfigureAwait(false);
    }
}
