namespace Vllm.Simulator.Serving;

/// <summary>Calls whose tokens come at fixed times or as fast as they are read: no engine, no queue, no memory. Under the gate.</summary>
sealed class FixedCalls(EngineDriver driver, Timeline timeline)
{
    // Chunks that an unpaced answer is made ahead of its reader.
    const int Ahead = 64;

    /// <summary>Takes a new call; true if a stage of it was planned.</summary>
    public bool Begin(Call call, FixedPace pace)
    {
        if (!driver.Calls.Admit(call, call.Received))
        {
            return false;
        }

        call.Truth.Queued = call.Truth.Scheduled = call.Truth.Received;
        driver.PaceGpu(call.Received);
        if (!pace.IsInstant)
        {
            timeline.At(call.Received + pace.Due(0), call, CallStage.Token);
            return true;
        }

        if (call.Request.IsStream)
        {
            call.Exchange.IsPulled = true;
            return false;
        }

        while (!NextRound(call, call.Received))
        {
        }

        return false;
    }

    /// <summary>Plays a planned round and plans the next.</summary>
    public void Play(Call call, long at)
    {
        if (!NextRound(call, at))
        {
            timeline.At(call.Received + call.Pace!.Value.Due(call.Round), call, CallStage.Token);
        }
    }

    /// <summary>Writes ahead for a reader that has nothing left.</summary>
    public void Pull(Call call, long at)
    {
        for (var i = 0; i < Ahead && !call.Exchange.IsOver && !NextRound(call, at); i++)
        {
        }
    }

    /// <summary>One token of every unfinished choice; true when that was the last.</summary>
    bool NextRound(Call call, long at)
    {
        var isLast = call.NextRound(at);
        driver.Count.EndStep();
        if (isLast)
        {
            driver.PaceGpu(at);
        }

        return isLast;
    }
}

/// <summary>Token times that no load changes, in ticks after the receipt.</summary>
readonly record struct FixedPace(long First, long Gap)
{
    public bool IsInstant => First == 0 && Gap == 0;

    public static FixedPace? Of(SimulatorOptions options) =>
        options.FixedTimeToFirstToken is { } first ? new FixedPace(first.Ticks, options.FixedTimePerOutputToken.Ticks) : null;

    public long Due(int token) => First + (token * Gap);
}
