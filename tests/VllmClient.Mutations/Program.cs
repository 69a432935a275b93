using System.Diagnostics;
using Vllm.Tests.Mutations;
using Vllm.Tests.Mutations.Building;
using Vllm.Tests.Mutations.Reporting;
using Vllm.Tests.Mutations.Running;

// [ROOM ...]: plants faults into these rooms, or into all, and runs the tests against each.
// list ROOM ...: names the mutants, and runs nothing.
// again ROOM ...: asks only about those that survived the last time.
var root = FindRoot();
string[] modes = ["list", "again"];
var mode = args is [var first, ..] && modes.Contains(first) ? first : "";
var asked = args.Skip(mode.Length > 0 ? 1 : 0).ToArray();
if (asked.Except(Rooms.Table.Select(room => room.Name)).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"No such room: {string.Join(", ", unknown)}. There are {string.Join(", ", Rooms.Table.Select(room => room.Name))}.");
    return 2;
}

var explained = Explanations.Read(Path.Combine(root, "docs", "mutation.md"));
var isGood = true;
foreach (var project in Rooms.Table.Where(room => asked.Length == 0 || asked.Contains(room.Name)).GroupBy(room => room.Project))
{
    await Command.RunAsync("dotnet", ["build", Path.Combine(root, "tests", project.First().TestProject), "-c", "Release", "-v", "q", "--nologo"]);
    var assembly = await MutableAssembly.OpenAsync(root, project.Key);
    foreach (var room in project)
    {
        var mutants = assembly.Mutants(room).Where(assembly.Accepts).ToArray();
        if (mode == "list")
        {
            foreach (var mutant in mutants) Console.WriteLine(mutant);
            continue;
        }

        if (mode == "again")
        {
            var last = RoomReport.LastSurvivors(root, room);
            mutants = [.. mutants.Where(mutant => last.Contains($"{mutant.Member}: {mutant.Change}"))];
        }

        var watch = Stopwatch.StartNew();
        var fates = await new RoomRun(room, assembly).RunAsync(root, mutants, Math.Min(2, Environment.ProcessorCount));
        isGood &= RoomReport.Write(root, room, fates, explained, watch.Elapsed);
    }
}

return isGood ? 0 : 1;

static string FindRoot()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "VllmClient.sln"))) return folder.FullName;
    }

    throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds VllmClient.sln.");
}
