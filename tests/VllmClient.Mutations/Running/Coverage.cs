using Vllm.Tests.Mutations.Serving;

namespace Vllm.Tests.Mutations.Running;

/// <summary>Which test classes enter which bodies, so that a mutant meets only tests that could notice it.</summary>
sealed class Coverage
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(0.3);
    readonly List<(string Name, TimeSpan Time, HashSet<int> Bodies)> _classes = [];
    readonly HashSet<int> _entered = [];

    Coverage()
    {
    }

    /// <summary>Runs each class twice, without a fault, and notes what it enters and how long it takes.</summary>
    public static async Task<Coverage> MeasureAsync(ServedTests tests, IReadOnlyList<string> classes)
    {
        var coverage = new Coverage();
        var served = new List<string>();
        foreach (var name in classes)
        {
            if (await RunAsync(tests, name) is not { } run)
            {
                Console.WriteLine($"left out, since it ends the program that serves it: {name}");
                continue;
            }

            served.Add(name);
            coverage._entered.UnionWith(run.Bodies);
        }

        foreach (var name in served)
        {
            if (await RunAsync(tests, name) is { } run) coverage._classes.Add((name, run.Time, [.. run.Bodies]));
        }

        coverage._classes.Sort((one, other) => one.Time.CompareTo(other.Time));
        return coverage;
    }

    /// <summary>Whether a body runs once in the life of a program, as what a static field starts with does, so that its mutants need a program each.</summary>
    public bool RunsOnce(int body) => _entered.Contains(body) && !_classes.Any(one => one.Bodies.Contains(body));

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

    // Null if the program itself ended.
    static async Task<(TimeSpan Time, IReadOnlyList<int> Bodies)?> RunAsync(ServedTests tests, string name)
    {
        var (end, entered) = await tests.RunAsync(0, ["-class", name], TimeSpan.FromMinutes(10));
        if (end.Code == -1) return null;
        return end.Failure is { } failure ? throw new InvalidOperationException($"{name} fails without any fault: {failure}\n{end.Output}") : (end.Time, entered);
    }
}
