using System.Collections.Concurrent;
using System.Diagnostics;
using Vllm.Tests.Mutations.Building;
using Vllm.Tests.Mutations.Mutants;

namespace Vllm.Tests.Mutations.Running;

/// <summary>What became of a mutant.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Killer">What noticed it; null if nothing did.</param>
sealed record Fate(Mutant Mutant, string? Killer)
{
    public bool Survived => Killer is null;
}

/// <summary>Plants the mutants of a room one after the other and runs the tests that could notice each.</summary>
sealed class RoomRun
{
    readonly Room _room;
    readonly MutableAssembly _assembly;
    readonly string[] _filter;

    public RoomRun(Room room, MutableAssembly assembly)
    {
        (_room, _assembly) = (room, assembly);
        _filter = [.. room.Tests.SelectMany(name => (string[])["-class", name]), .. room.Except.SelectMany(name => (string[])["-class-", name])];
    }

    /// <summary>The fate of each mutant, in order.</summary>
    public async Task<IReadOnlyList<Fate>> RunAsync(string root, IReadOnlyList<Mutant> mutants, int workers)
    {
        var folders = new ConcurrentBag<TestFolder>(Enumerable.Range(0, workers).Select(worker => new TestFolder(root, _room, worker)));
        var all = _assembly.CompileAll(mutants);
        foreach (var folder in folders) folder.Use(all);
        var time = await CheckAsync(folders.First());
        var coverage = await Coverage.MeasureAsync(folders.First(), _filter);
        var bodies = _assembly.Bodies(mutants);
        var fates = new Fate[mutants.Count];
        var (done, watch) = (0, Stopwatch.StartNew());
        await Parallel.ForAsync(0, mutants.Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (index, _) =>
        {
            folders.TryTake(out var folder);
            var killer = bodies.TryGetValue(index + 1, out var body)
                ? await KillerAsync(index + 1, coverage.Runs(body), folder!)
                : await KillerAsync(mutants[index], time, folder!, all);
            fates[index] = new(mutants[index], killer);
            folders.Add(folder!);
            var count = Interlocked.Increment(ref done);
            if (fates[index].Survived) Console.WriteLine($"survived: {mutants[index]}");
            if (count % 50 == 0) Console.WriteLine($"{_room.Name}: {count} of {mutants.Count}, {watch.Elapsed.TotalSeconds / count:0.0} s each");
        });
        await CheckAsync(folders.First());
        return fates;
    }

    // Without a fault everything must pass, before and after: else failures would prove nothing.
    async Task<TimeSpan> CheckAsync(TestFolder folder)
    {
        var end = await folder.RunAsync(0, _filter, TimeSpan.FromMinutes(10));
        return end.Failure is { } failure ? throw new InvalidOperationException($"{_room.TestProject} fails without any fault: {failure}\n{end.Output}") : end.Time;
    }

    static async Task<string?> KillerAsync(int number, IEnumerable<(IReadOnlyList<string> Filter, TimeSpan Limit)> runs, TestFolder folder)
    {
        foreach (var (filter, limit) in runs)
        {
            if ((await folder.RunAsync(number, filter, limit)).Failure is { } killer) return killer;
        }

        return null;
    }

    // A constant is compiled into its readers, so it cannot be chosen while the program runs.
    async Task<string?> KillerAsync(Mutant mutant, TimeSpan time, TestFolder folder, byte[] all)
    {
        folder.Use(_assembly.Compile(mutant));
        var killer = (await folder.RunAsync(0, _filter, Coverage.LimitOf(time.TotalSeconds))).Failure;
        folder.Use(all);
        return killer;
    }
}
