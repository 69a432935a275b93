using Vllm.Load;

namespace Vllm.Reports;

/// <summary>What a plan does, in a few words.</summary>
static class PlanText
{
    /// <summary><c>20 users, 200 requests, warm-up 20</c>.</summary>
    public static string Load(LoadReport report, ReportLanguage language)
    {
        var phases = report.Plan.Phases;
        var load = phases is [var only] ? Phase(only, language) : $"{NumberText.Count(phases.Count)} {language.Text(Label.Phases)}";
        return $"{load}, {WarmUp(report, language)}";
    }

    static string Phase(LoadPhase phase, ReportLanguage language) => phase switch
    {
        UsersPhase users => $"{NumberText.Count(users.Count)} {language.Text(Label.Users)}, {Amount(users.Requests, users.Duration, language)}",
        RatePhase rate => $"{NumberText.Number(rate.PerSecond)} {language.Text(Label.PerSecond)}, {Amount(rate.Requests, rate.Duration, language)}",
        PausePhase pause => $"{language.Text(Label.PauseFor)} {NumberText.Length(pause.Duration)}",
        _ => NumberText.Absent,
    };

    static string Amount(int? requests, TimeSpan? duration, ReportLanguage language) => requests is { } count
        ? $"{NumberText.Count(count)} {language.Text(Label.Requests)}"
        : NumberText.Length(duration ?? TimeSpan.Zero);

    static string WarmUp(LoadReport report, ReportLanguage language)
    {
        if (report.WarmUp is not { } warmUp || report.Plan.WarmUp is not { } planned)
            return language.Text(Label.NoWarmUp);
        var phase = planned is AutoPhase ? report.Plan.Phases.FirstOrDefault(p => p is not PausePhase) : planned;
        var counted = phase is UsersPhase { Requests: not null } or RatePhase { Requests: not null } && (planned is not AutoPhase || phase is UsersPhase);
        return $"{language.Text(Label.WarmUp)} {(counted ? NumberText.Count(warmUp.Offered) : NumberText.Length(warmUp.Elapsed))}";
    }
}
