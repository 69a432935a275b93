using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Tests.Reports;

/// <summary>Reports made by hand, one for each way a run can turn out.</summary>
static class FixedReports
{
    public static readonly string[] Names = ["classic", "failing", "invalid", "phases", "empty"];

    public static LoadReport Named(string name) => name switch
    {
        "classic" => Classic(),
        "failing" => Failing(),
        "invalid" => Invalid(),
        "phases" => Phases(),
        _ => Empty(),
    };

    public static LoadReport Classic() => new()
    {
        Plan = new()
        {
            Phases = [LoadPhase.Users(20, 200)],
            Objectives = [Objective.TimeToFirstToken(0.95, TimeSpan.FromMilliseconds(500)), Objective.FailedShare(0.01)],
        },
        PlanHash = "3f9c2ab1d0e4",
        ScheduleHash = "00ff",
        StartedAt = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero),
        Duration = TimeSpan.FromSeconds(16.5),
        Verdict = Verdict.NotEnoughEvidence,
        Reasons = ["failed share"],
        Environment = new() { Library = "0.1.0", Runtime = ".NET 10.0.0", Os = "Linux", Cores = 2, PoolSpinLimit = 0, ServerUrl = "http://gpu-1:8000", Endpoint = "/v1/completions", Model = "llama-3.1-8b", ServerVersion = "0.32.0" },
        Total = Total(),
        Phases = [Total() with { Name = "users", Target = 20 }],
        WarmUp = new() { Name = "warm-up", Target = 20, Offered = 20, Started = 20, Completed = 20, Elapsed = TimeSpan.FromSeconds(1.25) },
        NotSteady = NotSteady.TooShort,
        Objectives =
        [
            new()
            {
                Objective = Objective.TimeToFirstToken(0.95, TimeSpan.FromMilliseconds(500)), Unit = "s", Limit = 0.5, Observed = 0.0533, Low = 0.051, High = 0.0718,
                Count = 200, EffectiveCount = 200, NeededCount = 59, Outcome = Verdict.Met, Message = "ttft",
            },
            new()
            {
                Objective = Objective.FailedShare(0.01), Unit = "1", Limit = 0.01, Observed = 0, Low = 0, High = 0.0149,
                Count = 200, EffectiveCount = 200, NeededCount = 299, MoreTurns = 99, Outcome = Verdict.NotEnoughEvidence, NotEnough = NotEnoughReason.TooFewTurns, Message = "failed share",
            },
        ],
        Checks =
        [
            new() { Name = "check-sum", Passed = true, Message = "offered = started + dropped + backlog, warm-up included" },
            new() { Name = "check-in-flight", Message = "in flight: 3 readings of the server, needs 5" },
            new() { Name = "check-tokens", Passed = false, Expected = 26_232, Actual = 26_360, Message = "output tokens: client 26,232, server 26,360 (+128: other traffic?)" },
        ],
        Health = [new() { Dispatch = "pacer", PacerStep = TimeSpan.FromMicroseconds(60), DispatchDelay = Delays(0.00031), SendDelay = Delays(0.00009) }],
        Steps = [new() { Name = "completions", Count = 200, Duration = Sample(200, 1.2546, 1.2194, 1.174, 1.349, 1.8212, 1.719, 1.862, 1.9533) }],
        Slowest = [new() { Index = 17, Phase = "users", Due = TimeSpan.FromSeconds(3), Duration = TimeSpan.FromSeconds(1.9533), TraceId = "0af7651916cd43dd8448eb211c80319c" }],
        Slices = [new() { Width = TimeSpan.FromSeconds(1), Offered = 24, Started = 24, Completed = 4, MeanInFlight = 18.25, OutputTokens = 1733.5, TimeToFirstTokenP50 = TimeSpan.FromTicks(418_001) }],
        Prompts = new() { Distinct = 1 },
        Resources = FixedResources.Classic(),
        ResourceTracks = FixedResources.Tracks(),
    };

    public static LoadReport Failing() => Classic() with
    {
        Verdict = Verdict.NotMet,
        Resources = null,
        Reasons = ["failed share"],
        End = RunEnd.Stopped,
        Total = Total() with
        {
            Completed = 180,
            Failed = 15,
            CutOff = 5,
            CutOffAtLeast = TimeSpan.FromSeconds(60.25),
            InputTokens = 90_100,
            OutputTokens = 20_400,
            FailedShare = 20.0 / 200,
            InputLength = new() { Count = 178, Missing = 2 },
            OutputLength = new() { Count = 178, Missing = 2 },
            FailedDuration = Sample(15, 0.0051, 0.005, 0.0049, 0.0052, null, null, null, 0.0061),
        },
        Objectives =
        [
            new()
            {
                Objective = Objective.FailedShare(0.01), Unit = "1", Limit = 0.01, Observed = 20.0 / 200, Low = 0.062, High = 0.15,
                Count = 200, Bad = 20, CutOff = 5, CutOffAtLeast = TimeSpan.FromSeconds(60.25), EffectiveCount = 200, Outcome = Verdict.NotMet, Message = "failed share",
            },
            new()
            {
                Objective = Objective.Duration(0.95, TimeSpan.FromSeconds(90)), Unit = "s", Limit = 90, Observed = 1.8212, Low = 1.719, High = 1.862,
                Count = 200, CutOff = 5, CutOffAtLeast = TimeSpan.FromSeconds(60.25), EffectiveCount = 200, Outcome = Verdict.NotEnoughEvidence, NotEnough = NotEnoughReason.CutOff, Message = "duration",
            },
            new()
            {
                Objective = Objective.ChunkGap(0.99, TimeSpan.FromMilliseconds(20)), Unit = "s", Limit = 0.02, Count = 26_052, Bad = 270, EffectiveCount = 200,
                Outcome = Verdict.NotEnoughEvidence, NotEnough = NotEnoughReason.AtLimit, Message = "gap",
            },
            new() { Objective = Objective.TimePerOutputToken(0.5, TimeSpan.FromMilliseconds(20)), Unit = "s", Limit = 0.02, Missing = 180, Outcome = Verdict.NotEnoughEvidence, NotEnough = NotEnoughReason.NoFigure, Message = "tpot" },
        ],
        Steps =
        [
            new() { Name = "plan", Count = 200, Failed = 12, TimeToFirstToken = Sample(188, 0.041, 0.0408, 0.0401, 0.0417, 0.0521, 0.0507, 0.0602, 0.0711), Duration = Sample(188, 0.612, 0.6042, 0.593, 0.622, 0.871, 0.852, 0.899, 1.02) },
            new() { Name = "回答 with a name that is far too long for its column", Count = 188, Failed = 3, Duration = Sample(7, 0.612, 0.6, 0.5, 0.7, null, null, null, 1.02) with { P50 = null } },
        ],
        Errors =
        [
            new() { Type = "503", Phase = "users", Count = 12, FirstAt = TimeSpan.FromSeconds(3.2) },
            new() { Type = "first_token_timeout", Phase = "users", Count = 2, FirstAt = TimeSpan.FromSeconds(65) },
            new() { Type = "evil\u001b[31m\u202e\ntype", Phase = "users", Count = 1, FirstAt = TimeSpan.FromHours(2) },
        ],
    };

    public static LoadReport Invalid() => Classic() with
    {
        Verdict = Verdict.RunInvalid,
        Reasons =
        [
            "Turns began late: p95 of the delay is 212 ms, the limit 10 ms; the load generator could not keep up: its machine is busy, or the work blocks its thread.",
            "failed share",
        ],
        IsExact = false,
        Resources = FixedResources.Nothing(),
        ResourceTracks = [],
        Total = Total() with { OutputTokens = null, InputTokens = null, OutputTokensPerSecond = null, TotalTokensPerSecond = null, TimePerOutputToken = null },
        Health = [new() { Dispatch = "pool", DispatchDelay = Delays(0.212), SendDelay = Delays(0.00009) }],
    };

    public static LoadReport Phases() => Classic() with
    {
        Plan = new()
        {
            Name = "介绍一下广义相对论的压力测试",
            Seed = ulong.MaxValue,
            Phases = [LoadPhase.Rate(12.5, TimeSpan.FromMinutes(2)), LoadPhase.Pause(TimeSpan.FromSeconds(10)), new UsersPhase { Name = "很多的并发用户与更长的名字", Count = 64, Duration = TimeSpan.FromMinutes(2), Spread = TimeSpan.FromSeconds(5) }],
            WarmUp = null,
        },
        Verdict = Verdict.Met,
        Reasons = [],
        WarmUp = null,
        Objectives = [],
        Checks = [],
        NotSteady = null,
        Resources = FixedResources.Hostile(),
        Steady = Total() with { Name = "steady", Elapsed = TimeSpan.FromSeconds(110), CompletedPerSecondLow = 13.9, CompletedPerSecondHigh = 14.2, OutputTokensPerSecondLow = 1801, OutputTokensPerSecondHigh = 1890 },
        Phases =
        [
            Total() with { Name = "rate", Target = 12.5 },
            new() { Name = "pause", Start = TimeSpan.FromMinutes(2), Elapsed = TimeSpan.FromSeconds(10) },
            Total() with { Name = "很多的并发用户与更长的名字", Target = 64, TimeToFirstToken = Sample(12_345, 187.4, 176.2, 160.1, 190.6, 220.5, 210.3, 240.4, 412.3) },
        ],
        Total = Total() with { Duration = Sample(12_345, 187.4, 176.2, 160.1, 190.6, 220.5, 210.3, 240.4, 1412.3), DurationFromDue = Sample(12_345, 17.4, 16.2, 15.1, 19.6, 20.5, 20.3, 24.4, 41.3) },
    };

    public static LoadReport Empty() => new()
    {
        Plan = new() { Phases = [LoadPhase.Rate(0.5, 3)] },
        StartedAt = new(2026, 11, 24, 8, 0, 0, TimeSpan.FromHours(8)),
        End = RunEnd.Cancelled,
        Verdict = Verdict.RunInvalid,
        Reasons = ["No turn ended, so there is nothing to judge."],
    };

    /// <summary>The worked example of measuring.md section 11.</summary>
    public static PhaseReport Worked() => new()
    {
        Completed = 4,
        Failed = 1,
        Started = 5,
        Offered = 5,
        Elapsed = TimeSpan.FromMilliseconds(704),
        InputTokens = 100,
        OutputTokens = 74,
        Duration = new() { Count = 4, Mean = Seconds(0.2775), Min = Seconds(0.1), Max = Seconds(0.5) },
    };

    static PhaseReport Total() => new()
    {
        Name = "total",
        Start = TimeSpan.FromSeconds(1.25),
        Elapsed = TimeSpan.FromSeconds(14.2189),
        Offered = 200,
        Started = 200,
        Completed = 200,
        OfferedFor = TimeSpan.FromSeconds(14.2189),
        OfferedPerSecond = 14.0658,
        CompletedPerSecond = 14.0658,
        InputTokens = 100_212,
        OutputTokens = 26_232,
        OutputTokensPerSecond = 1844.87,
        TotalTokensPerSecond = 8892.67,
        MeanInFlight = 17.6461,
        PeakInFlight = 20,
        FailedShare = 0,
        TimeToFirstToken = Sample(200, 0.04268, 0.0418, 0.0403, 0.0427, 0.0533, 0.0509, 0.0718, 0.082),
        TimeToFirstTokenFromDue = Sample(200, 0.04273, 0.0419, 0.0403, 0.0428, 0.0533, 0.051, 0.0718, 0.0821),
        TimePerOutputToken = Sample(200, 0.00931, 0.00931, 0.00922, 0.00938, 0.010, 0.00991, 0.0101, 0.0103),
        ChunkGap = Sample(26_032, 0.00931, 0.00929, 0.00925, 0.00933, 0.00998, 0.00993, 0.0101, 0.0312) with { P99 = Quantile(0.0103, 0.0102, 0.0104), Histogram = [new(1600, 26_000), new(1711, 32)] },
        LongestGap = Sample(200, 0.0121, 0.0118, 0.0116, 0.012, 0.0159, 0.0152, 0.0194, 0.0312),
        Duration = Sample(200, 1.25464, 1.2194, 1.174, 1.349, 1.8212, 1.719, 1.862, 1.9533) with { Min = Seconds(0.629) },
        DispatchDelay = Delays(0.00031),
        InputLength = new() { Count = 200, Mean = 501.06 },
        OutputLength = new() { Count = 200, Mean = 131.16 },
    };

    static Distribution<TimeSpan> Delays(double p95) => new()
    {
        Count = 200,
        EffectiveCount = 200,
        Mean = Seconds(p95 / 3),
        Min = TimeSpan.Zero,
        Max = Seconds(p95 * 2),
        P50 = Quantile(p95 / 4, 0, p95),
        P90 = Quantile(p95 * 0.9),
        P95 = Quantile(p95),
    };

    static Distribution<TimeSpan> Sample(long count, double mean, double p50, double low, double high, double? p95, double? low95, double? high95, double max) => new()
    {
        Count = count,
        EffectiveCount = count,
        Mean = Seconds(mean),
        StandardDeviation = Seconds(mean / 7),
        Min = Seconds(p50 / 2),
        Max = Seconds(max),
        P50 = Quantile(p50, low, high),
        P95 = p95 is { } value ? Quantile(value, low95, high95) : null,
        P99 = count >= 500 && p95 is { } base95 ? Quantile(base95 * 1.3, base95, max) : null,
    };

    static Quantile<TimeSpan> Quantile(double value, double? low = null, double? high = null) => new()
    {
        Value = Seconds(value),
        Low = low is { } l ? Seconds(l) : null,
        High = high is { } h ? Seconds(h) : null,
    };

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
