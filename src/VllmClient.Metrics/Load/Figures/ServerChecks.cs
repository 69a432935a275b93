using System.Globalization;
using Vllm.Resources;

namespace Vllm.Load;

/// <summary>Compares what the clients counted with what the server did. A difference says that somebody is wrong, or that others use the server too; it touches no verdict.</summary>
static class ServerChecks
{
    public const string Tokens = "check-tokens";
    public const string Requests = "check-requests";
    public const string InFlight = "check-in-flight";

    const int LeastReadings = 5;

    /// <summary>The checks over the whole run, warm-up included; none if no server was watched.</summary>
    public static IEnumerable<CheckResult> Of(RunFacts facts, PhaseReport total)
    {
        if (facts.Resources is not { } resources || resources.Samples.Servers.Count == 0) yield break;
        var readings = Readings(resources.Samples);
        var obstacle = Obstacle(facts, resources, readings);
        yield return obstacle is null ? TokensOf(facts, readings) : None(Tokens, "output tokens", obstacle);
        yield return obstacle is null ? RequestsOf(facts, readings) : None(Requests, "finished requests", obstacle);
        yield return InFlightOf(facts, resources, readings, total);
    }

    /// <summary>The readings of the one server; none if there are several, of which nobody knows who got what.</summary>
    static List<ServerSample> Readings(ResourceTimeline timeline)
    {
        var targets = timeline.Samples.SelectMany(sample => sample.Targets).Where(target => target.Server is not null).Select(target => target.Name).Distinct(StringComparer.Ordinal).ToArray();
        return targets is [var name] ? SummaryBuilder.Parts(timeline.Samples.Select(sample => sample[name]).OfType<TargetSample>(), target => target.Server) : [];
    }

    static string? Obstacle(RunFacts facts, RunTimeline resources, List<ServerSample> readings)
    {
        if (readings.Count < 2) return "no single server was read";
        if (readings[^1].Restarts != readings[0].Restarts) return "the server started anew";
        if (resources.Clock.At(readings[0].Timestamp) > facts.Turns.Min(turn => turn.Begun) || resources.Clock.At(readings[^1].Timestamp) < facts.Turns.Max(turn => turn.Ended)) return "the server was not read before the first turn and after the last";
        return facts.Turns.Any(turn => turn.HasSeveralChoices) ? "turns had several choices" : null;
    }

    static CheckResult TokensOf(RunFacts facts, List<ServerSample> readings)
    {
        var completed = facts.Turns.Where(turn => turn.Outcome == TurnOutcome.Completed).ToList();
        var silent = completed.Count(turn => turn.OutputTokens is null);
        if (silent > 0) return None(Tokens, "output tokens", string.Create(CultureInfo.InvariantCulture, $"{silent} turns told no usage"));
        return Compare(Tokens, "output tokens", completed.Sum(turn => (long)turn.OutputTokens!), readings[^1].GenerationTokens - readings[0].GenerationTokens, Lost(facts));
    }

    static CheckResult RequestsOf(RunFacts facts, List<ServerSample> readings)
    {
        var calls = facts.Turns.Where(turn => turn.Outcome == TurnOutcome.Completed).Sum(turn => (long)(turn.Calls ?? 0));
        return calls == 0 ? None(Requests, "finished requests", "the work's calls are not known") : Compare(Requests, "finished requests", calls, Finished(readings[^1]) - Finished(readings[0]), Lost(facts));
    }

    static long? Finished(ServerSample server) => server.Finished is { } reasons ? reasons.GetValueOrDefault("stop") + reasons.GetValueOrDefault("length") : null;

    // What they made before they broke is in the server's counters and in none of ours.
    static int Lost(RunFacts facts) => facts.Turns.Count(turn => turn.Outcome is TurnOutcome.Failed or TurnOutcome.Abandoned or TurnOutcome.CutOff);

    static CheckResult Compare(string name, string what, long client, long? server, int lost)
    {
        if (server is not { } counted) return None(name, what, "the server has no such counter");
        var more = counted - client;
        if (more > 0 && lost > 0) return None(name, what, string.Create(CultureInfo.InvariantCulture, $"client {client:N0}, server {counted:N0}; {lost} turns did not complete, and the server counts what they had"));
        var difference = more switch { 0 => "", > 0 => string.Create(CultureInfo.InvariantCulture, $" (+{more:N0}: other traffic?)"), _ => string.Create(CultureInfo.InvariantCulture, $" ({more:N0})") };
        return new()
        {
            Name = name,
            Passed = more == 0,
            Expected = counted,
            Actual = client,
            Message = string.Create(CultureInfo.InvariantCulture, $"{what}: client {client:N0}, server {counted:N0}{difference}"),
        };
    }

    static CheckResult InFlightOf(RunFacts facts, RunTimeline resources, List<ServerSample> readings, PhaseReport total)
    {
        var differences = new List<double>();
        var flown = facts.Turns.Where(turn => turn is { Sent: not null, Ended: not null }).ToList();
        long[] sent = [.. flown.Select(turn => turn.Sent!.Value).Order()];
        long[] ended = [.. flown.Select(turn => turn.Ended!.Value).Order()];
        foreach (var reading in readings)
        {
            var at = resources.Clock.At(reading.Timestamp);
            if (at < total.Start.Ticks || at >= (total.Start + total.Elapsed).Ticks || reading.Running is not { } running) continue;
            differences.Add(UpTo(sent, at) - UpTo(ended, at) - running - (reading.Waiting ?? 0));
        }

        if (differences.Count < LeastReadings) return None(InFlight, "in flight", string.Create(CultureInfo.InvariantCulture, $"{differences.Count} readings of the server, needs {LeastReadings}"));
        differences.Sort();
        var median = differences[(differences.Count - 1) / 2];
        var limit = Math.Max(2, 0.05 * total.MeanInFlight);
        return new()
        {
            Name = InFlight,
            Passed = Math.Abs(median) <= limit,
            Expected = 0,
            Actual = median,
            Message = string.Create(CultureInfo.InvariantCulture, $"in flight: client less server {median:0.#} (median of {differences.Count} readings, limit {limit:0.#})"),
        };
    }

    // How many of sorted moments have passed.
    static int UpTo(long[] moments, long at)
    {
        var (low, high) = (0, moments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (moments[middle] <= at) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    static CheckResult None(string name, string what, string obstacle) => new() { Name = name, Message = $"{what}: {obstacle}" };
}
