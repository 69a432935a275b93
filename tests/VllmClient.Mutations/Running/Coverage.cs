using System.Globalization;

namespace Vllm.Tests.Mutations.Running;

/// <summary>Which test classes enter which bodies, so that a mutant meets only tests that could notice it.</summary>
sealed class Coverage
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(1.5);
    readonly List<(string Name, TimeSpan Time, HashSet<int> Bodies)> _classes = [];

    Coverage()
    {
    }

    /// <summary>Runs each class alone, without a fault, and notes what it enters and how long it takes.</summary>
    public static async Task<Coverage> MeasureAsync(TestFolder folder, IReadOnlyList<string> filter)
    {
        var coverage = new Coverage();
        var file = Path.GetTempFileName();
        foreach (var name in await folder.ClassesAsync(filter))
        {
            File.Delete(file);
            var end = await folder.RunAsync(0, ["-class", name], TimeSpan.FromMinutes(10), file);
            if (end.Failure is { } failure) throw new InvalidOperationException($"{name} fails without any fault: {failure}\n{end.Output}");
            // A class that never touches the room leaves no file.
            var bodies = File.Exists(file) ? File.ReadLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture)) : [];
            coverage._classes.Add((name, end.Time, [.. bodies]));
        }

        File.Delete(file);
        coverage._classes.Sort((one, other) => one.Time.CompareTo(other.Time));
        return coverage;
    }

    /// <summary>The runs that a mutant in this body must pass, quick classes first, each with its filter and the longest time it may take; none if no test enters the body.</summary>
    public IEnumerable<(IReadOnlyList<string> Filter, TimeSpan Limit)> Runs(int body)
    {
        foreach (var run in _classes.Where(one => one.Bodies.Contains(body)).GroupBy(one => one.Time <= Quick).OrderByDescending(run => run.Key))
        {
            yield return ([.. run.SelectMany(one => (string[])["-class", one.Name])], LimitOf(run.Sum(one => one.Time.TotalSeconds)));
        }
    }

    /// <summary>How long tests may take that took so many seconds one after the other without a fault.</summary>
    public static TimeSpan LimitOf(double seconds) => TimeSpan.FromSeconds(10 + (3 * seconds));
}
