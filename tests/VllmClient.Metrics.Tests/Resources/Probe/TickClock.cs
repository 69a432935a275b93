using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Vllm.Tests.Resources;

/// <summary>A clock that goes on by one second when the probe's loop waits for the next tick, so that no tick is missed.</summary>
sealed class TickClock : FakeTimeProvider
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly Channel<bool> _waits = Channel.CreateUnbounded<bool>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == Second) _waits.Writer.TryWrite(true);
        return timer;
    }

    public async Task TickAsync(CancellationToken cancellationToken)
    {
        await _waits.Reader.ReadAsync(cancellationToken);
        Advance(Second);
    }
}
