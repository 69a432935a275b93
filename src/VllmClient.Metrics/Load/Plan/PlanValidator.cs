using System.Globalization;

namespace Vllm.Load;

/// <summary>Finds everything that is wrong with a plan at once.</summary>
sealed class PlanValidator
{
    readonly List<string> _errors = [];
    readonly LoadPlan _plan;

    PlanValidator(LoadPlan plan) => _plan = plan;

    /// <summary>One sentence per problem, naming property, value and rule; empty if the plan can run.</summary>
    public static IReadOnlyList<string> Validate(LoadPlan plan)
    {
        var validator = new PlanValidator(plan);
        validator.CheckPlan();
        validator.CheckPhases();
        validator.CheckObjectives();
        return validator._errors;
    }

    void CheckPlan()
    {
        if (string.IsNullOrWhiteSpace(_plan.Name)) Add(nameof(_plan.Name), "empty", "must have a character");
        if (!(_plan.Confidence > 0.5 && _plan.Confidence < 1)) Add("Confidence", _plan.Confidence, "must be > 0.5 and < 1: 0.95, not 95");
        if (_plan.MaxInFlight < 1) Add("MaxInFlight", _plan.MaxInFlight, "must be >= 1");
        if (_plan.TurnTimeout is { } limit) Positive("TurnTimeout", limit);
        if (_plan.Drain < TimeSpan.Zero) Add("Drain", _plan.Drain, "must be >= 0");
        Positive("ReadyTimeout", _plan.ReadyTimeout);
    }

    void CheckPhases()
    {
        if (_plan.WarmUp is PausePhase) _errors.Add("WarmUp is a pause; it must have users, a rate or be null");
        else if (_plan.WarmUp is not (null or AutoPhase)) CheckPhase("WarmUp", _plan.WarmUp);
        if (_plan.Phases is null || !_plan.Phases.Any(p => p is UsersPhase or RatePhase))
        {
            _errors.Add("Phases holds no phase with users or a rate; must hold at least one");
        }

        if (_plan.Phases is null) return;
        if (_plan.Phases.Count > 255) Add("Phases.Count", _plan.Phases.Count, "must be <= 255");
        for (var i = 0; i < _plan.Phases.Count; i++) CheckPhase(string.Create(CultureInfo.InvariantCulture, $"Phases[{i}]"), _plan.Phases[i]);
        var repeated = _plan.Phases.Select(p => p?.Name).OfType<string>().GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1);
        foreach (var name in repeated) _errors.Add($"Phases has the name '{name.Key}' more than once; names must differ");
    }

    void CheckPhase(string path, LoadPhase? phase)
    {
        switch (phase)
        {
            case UsersPhase users:
                if (users.Count < 1) Add($"{path}.Count", users.Count, "must be >= 1");
                if (users.Count > _plan.MaxInFlight) Add($"{path}.Count", users.Count, Invariant($"must be <= MaxInFlight, {_plan.MaxInFlight}"));
                if (users.Spread < TimeSpan.Zero) Add($"{path}.Spread", users.Spread, "must be >= 0");
                if (_plan.WhenFull == InFlightOverflow.Drop) _errors.Add($"{path} has users, who wait for each other; WhenFull must be Queue");
                CheckLength(path, users.Requests, users.Duration);
                break;
            case RatePhase rate:
                if (!(rate.PerSecond > 0 && double.IsFinite(rate.PerSecond))) Add($"{path}.PerSecond", rate.PerSecond, "must be > 0 and finite");
                CheckLength(path, rate.Requests, rate.Duration);
                break;
            case PausePhase pause:
                Positive($"{path}.Duration", pause.Duration);
                break;
            case AutoPhase:
                _errors.Add($"{path} is Auto; only WarmUp may be");
                break;
            default:
                _errors.Add($"{path} is null; must be a phase");
                break;
        }
    }

    void CheckLength(string path, int? requests, TimeSpan? duration)
    {
        if (requests is null == duration is null) _errors.Add($"{path} must have either Requests or Duration");
        if (requests < 1) Add($"{path}.Requests", requests.Value, "must be >= 1");
        if (duration is { } time) Positive($"{path}.Duration", time);
    }

    void CheckObjectives()
    {
        var names = _plan.Phases is null || _plan.Phases.Any(p => p is null) ? null : PhaseNames.Of(_plan.Phases);
        for (var i = 0; i < _plan.Objectives.Count; i++)
        {
            var path = Invariant($"Objectives[{i}]");
            var objective = _plan.Objectives[i];
            if (objective is LatencyObjective latency)
            {
                if (!(latency.Quantile > 0 && latency.Quantile < 1)) Add($"{path}.Quantile", latency.Quantile, "must be > 0 and < 1: 0.95, not 95");
                Positive($"{path}.AtMost", latency.AtMost);
            }

            if (objective is FailedShareObjective share && !(share.AtMost >= 0 && share.AtMost < 1)) Add($"{path}.AtMost", share.AtMost, "must be >= 0 and < 1: 0.01, not 1");
            if (objective is null) _errors.Add($"{path} is null; must be an objective");
            else if (objective.Phase is { } phase && names?.Contains(phase) == false)
            {
                _errors.Add($"{path}.Phase is '{phase}'; the phases are {string.Join(", ", names)}");
            }
        }
    }

    void Positive(string path, TimeSpan value)
    {
        if (value <= TimeSpan.Zero) Add(path, value, "must be > 0");
    }

    void Add(string path, object value, string rule) => _errors.Add(Invariant($"{path} is {value}; {rule}"));

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
