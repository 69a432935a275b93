using System.Globalization;
using Vllm.Tests.Mutations.Running;

namespace Vllm.Tests.Mutations.Reporting;

/// <summary>What the mutants of a room say about its tests.</summary>
static class RoomReport
{
    /// <summary>The share of mutants that must be killed.</summary>
    const double Wanted = 0.85;

    public static string PathOf(string root, Room room) => Path.Combine(root, "artifacts", "mutation", $"{room.Name}.txt");

    /// <summary>Writes every mutant and its fate to a file, prints what matters, and says whether the room is good enough.</summary>
    public static bool Write(string root, Room room, IReadOnlyList<Fate> fates, IReadOnlySet<string> explained, TimeSpan time)
    {
        File.WriteAllLines(PathOf(root, room), fates.Select(fate => $"{(fate.Survived ? "survived" : "killed")}\t{fate.Mutant}\t{fate.Killer}"));
        var all = fates.Count;
        var killed = fates.Count(fate => !fate.Survived);
        var unexplained = fates.Where(fate => fate.Survived && !explained.Contains(fate.Mutant.Key)).ToList();
        foreach (var fate in unexplained) Console.WriteLine($"not explained: {fate.Mutant}");
        foreach (var fate in fates.Where(fate => !fate.Survived && explained.Contains(fate.Mutant.Key))) Console.WriteLine($"explained, but killed by {fate.Killer}: {fate.Mutant}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{room.Name}: {killed} of {all} mutants killed ({100.0 * killed / Math.Max(1, all):0.0} %), {all - killed - unexplained.Count} survivors explained, {unexplained.Count} not; {time.TotalMinutes:0.0} min, {time.TotalSeconds / Math.Max(1, fates.Count):0.0} s a mutant"));
        return unexplained.Count == 0 && killed > 0 && killed >= Wanted * all;
    }

    /// <summary>The mutants that survived the last run.</summary>
    public static IReadOnlySet<string> LastSurvivors(string root, Room room) =>
        File.ReadLines(PathOf(root, room)).Select(line => line.Split('\t')).Where(cells => cells[0] == "survived").Select(cells => cells[1][(cells[1].IndexOf(' ', StringComparison.Ordinal) + 1)..]).ToHashSet(StringComparer.Ordinal);
}
