using Vllm.Tests.Mutations.Building;
using Vllm.Tests.Mutations.Mutants;
using Vllm.Tests.Mutations.Serving;

namespace Vllm.Tests.Mutations.Running;

/// <summary>Tries one mutant after the other in a folder of its own.</summary>
sealed class Worker : IDisposable
{
    readonly MutableAssembly _assembly;
    readonly TestFolder _folder;
    readonly ServedTests _tests;
    readonly IReadOnlyList<string> _filter;
    readonly byte[] _all;
    TimeSpan _limit;

    public Worker(MutableAssembly assembly, TestFolder folder, IReadOnlyList<string> filter, byte[] all)
    {
        (_assembly, _folder, _tests, _filter, _all) = (assembly, folder, new(folder), filter, all);
        _folder.Use(all);
    }

    /// <summary>Runs all tests without a fault. They must pass, before and after: else failures would prove nothing.</summary>
    public async Task CheckAsync()
    {
        var end = await _folder.RunAsync(0, _filter, TimeSpan.FromMinutes(10));
        if (end.Failure is { } failure) throw new InvalidOperationException($"The tests fail without any fault: {failure}\n{end.Output}");
        _limit = Coverage.LimitOf(end.Time.TotalSeconds);
    }

    public async Task<Coverage> MeasureAsync() => await Coverage.MeasureAsync(_tests, await _folder.ClassesAsync(_filter));

    /// <summary>What notices a mutant; null if nothing does.</summary>
    /// <param name="mutant">The mutant.</param>
    /// <param name="number">Its number.</param>
    /// <param name="body">The body that it lies in; null if it cannot be chosen while the program runs.</param>
    /// <param name="coverage">Which tests enter which bodies.</param>
    public async Task<string?> KillerAsync(Mutant mutant, int number, int? body, Coverage coverage)
    {
        if (body is null) return await OfOwnAssemblyAsync(mutant);
        if (coverage.RunsOnce(body.Value)) return (await _folder.RunAsync(number, _filter, _limit)).Failure;
        foreach (var (filter, limit) in coverage.Runs(body.Value))
        {
            var (end, _) = await _tests.RunAsync(number, filter, limit);
            if (end.Failure is null) continue;
            if (end.Code is null) return end.Failure;
            // A mutant may have left something behind, so the tests must pass again without one.
            if ((await _tests.RunAsync(0, filter, limit)).End.Failure is null) return end.Failure;
            _tests.Restart();
            (end, _) = await _tests.RunAsync(number, filter, limit);
            _tests.Restart();
            if (end.Failure is not null) return end.Failure;
        }

        return null;
    }

    public void Dispose() => _tests.Dispose();

    // A constant is compiled into its readers, so it cannot be chosen while the program runs.
    async Task<string?> OfOwnAssemblyAsync(Mutant mutant)
    {
        _tests.Restart();
        _folder.Use(_assembly.Compile(mutant));
        var killer = (await _folder.RunAsync(0, _filter, _limit)).Failure;
        _folder.Use(_all);
        return killer;
    }
}
