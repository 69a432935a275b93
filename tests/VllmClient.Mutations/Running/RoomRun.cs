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
    public async Task<IReadOnlyList<Fate>> RunAsync(string root, IReadOnlyList<Mutant> mutants, int count)
    {
        var all = _assembly.CompileAll(mutants);
        var bodies = _assembly.Bodies(mutants);
        var workers = Enumerable.Range(0, count).Select(index => new Worker(_assembly, new(root, _room, index), _filter, all)).ToArray();
        foreach (var worker in workers) await worker.CheckAsync();
        var coverage = await workers[0].MeasureAsync();
        var fates = new Fate[mutants.Count];
        var (free, done, watch) = (new ConcurrentBag<Worker>(workers), 0, Stopwatch.StartNew());
        await Parallel.ForAsync(0, mutants.Count, new ParallelOptions { MaxDegreeOfParallelism = count }, async (index, _) =>
        {
            free.TryTake(out var worker);
            fates[index] = new(mutants[index], await worker!.KillerAsync(mutants[index], index + 1, bodies.TryGetValue(index + 1, out var body) ? body : null, coverage));
            free.Add(worker);
            var number = Interlocked.Increment(ref done);
            if (fates[index].Survived) Console.WriteLine($"survived: {mutants[index]}");
            if (number % 50 == 0) Console.WriteLine($"{_room.Name}: {number} of {mutants.Count}, {watch.Elapsed.TotalSeconds / number:0.0} s each");
        });
        await workers[0].CheckAsync();
        foreach (var worker in workers) worker.Dispose();
        return fates;
    }
}
