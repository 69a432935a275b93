using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>Takes a sample at each tick until it is stopped. Nothing that goes wrong in a tick ends it.</summary>
/// <param name="tick">Takes the sample of a tick; ticks are counted from the start.</param>
/// <param name="interval">Time between two ticks.</param>
/// <param name="clock">The clock that the ticks follow.</param>
/// <param name="logger">Where it says what went wrong.</param>
sealed class ProbeLoop(Func<long, CancellationToken, Task> tick, TimeSpan interval, TimeProvider clock, ILogger logger)
{
    string? _trouble;
    long? _start;

    public async Task RunAsync(CancellationToken stopping)
    {
        long number = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _start ??= clock.GetTimestamp();
                await tick(number, stopping).ConfigureAwait(false);
                Changed(null);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A background loop that ends for a surprise would leave its application blind without a word.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Changed(error);
            }

            if (await WaitAsync(number, stopping).ConfigureAwait(false) is not { } next) return;
            number = next;
        }
    }

    /// <summary>Waits for the next tick; null when the loop is to end.</summary>
    async Task<long?> WaitAsync(long number, CancellationToken stopping)
    {
        try
        {
            return await NextAsync(number, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The same: a clock that fails now may go on later.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Changed(error);
        }

        // A clock that cannot wait must not make this a loop without a pause.
        await Task.Delay(interval, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return number + 1;
    }

    // Ticks are absolute; one that was missed is not made up.
    async Task<long> NextAsync(long number, CancellationToken stopping)
    {
        var start = _start ??= clock.GetTimestamp();
        var step = (long)(interval.TotalSeconds * clock.TimestampFrequency);
        var passed = clock.GetTimestamp() - start;
        var next = Math.Max(number + 1, (passed / step) + 1);
        await Pause.ForAsync(clock.GetElapsedTime(passed, next * step), clock, stopping).ConfigureAwait(false);
        return next;
    }

    // The message of an error from anywhere can hold anything, so that only its kind and its place are told.
    void Changed(Exception? error)
    {
        var trouble = error?.GetType().FullName;
        if (trouble == _trouble) return;
        _trouble = trouble;
        try
        {
            if (error is null) ProbeLog.Recovered(logger);
            else ProbeLog.Unexpected(logger, trouble!, error.StackTrace ?? "");
        }
#pragma warning disable CA1031 // The log itself may be what fails.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody left to tell.
        }
    }
}
