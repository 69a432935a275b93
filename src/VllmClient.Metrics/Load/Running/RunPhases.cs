namespace Vllm.Load;

/// <summary>Makes the running phases of a plan.</summary>
static class RunPhases
{
    static readonly TimeSpan AutoWarmUp = TimeSpan.FromSeconds(10);

    /// <summary>The warm-up, if there is one, and the measured phases.</summary>
    public static IReadOnlyList<RunPhase> Of(LoadPlan plan)
    {
        var names = PhaseNames.Of(plan.Phases);
        var phases = new List<RunPhase>();
        if (WarmUpOf(plan) is { } warmUp)
        {
            phases.Add(new()
            {
                Index = RunPhase.WarmUpIndex,
                Name = PhaseNames.WarmUp,
                Phase = warmUp,
                OncePerUser = plan.WarmUp is AutoPhase && warmUp is UsersPhase { Requests: not null },
            });
        }

        phases.AddRange(plan.Phases.Select((phase, i) => new RunPhase { Index = i, Name = names[i], Phase = phase }));
        return phases;
    }

    static LoadPhase? WarmUpOf(LoadPlan plan) => plan.WarmUp is not AutoPhase ? plan.WarmUp : plan.Phases.First(p => p is not PausePhase) switch
    {
        UsersPhase { Requests: not null } users => users with { Requests = users.Count },
        UsersPhase users => users with { Duration = AutoWarmUp },
        RatePhase rate => rate with { Requests = null, Duration = AutoWarmUp },
        _ => null,
    };
}
