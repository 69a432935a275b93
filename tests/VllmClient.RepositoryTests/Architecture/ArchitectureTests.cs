using System.Text.RegularExpressions;
using Mono.Cecil;
using Vllm.Tests.Repository.Planted;

namespace Vllm.Tests.Repository.Architecture;

public sealed partial class ArchitectureTests
{
    static readonly string[] Packages = ["VllmClient", "VllmClient.Metrics", "VllmClient.Simulator"];

    // Assemblies beside System.* that each package may refer to; everything else is a new dependency and a decision.
    static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["VllmClient"] =
        [
            "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Http", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Options.ConfigurationExtensions",
            "Microsoft.Extensions.Primitives", "Microsoft.Win32.Primitives",
        ],
        ["VllmClient.Metrics"] =
        [
            "VllmClient", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions",
            "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Win32.Primitives",
            "OpenTelemetry", "OpenTelemetry.Api", "OpenTelemetry.Api.ProviderBuilderExtensions", "OpenTelemetry.Instrumentation.Http",
        ],
        ["VllmClient.Simulator"] =
        [
            "Microsoft.AspNetCore", "Microsoft.AspNetCore.Connections.Abstractions", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Hosting.Abstractions",
            "Microsoft.AspNetCore.Hosting.Server.Abstractions", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Http.Abstractions", "Microsoft.AspNetCore.Http.Features",
            "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Routing.Abstractions", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Server.Kestrel.Core",
            "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Features", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Http", "Microsoft.Extensions.Logging",
            "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Primitives",
        ],
    };

    [Fact]
    public void Rooms_use_only_what_the_table_allows()
    {
        using var ours = new Assemblies(Packages);
        var folders = Rooms.FoldersOf(Repository.Sources);
        var checker = new DependencyChecker(Rooms.Table, type => Rooms.RoomOf(type, FolderOf(type, folders)));

        var violations = checker.Violations(ours.Definitions);

        violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("VllmClient")]
    [InlineData("VllmClient.Metrics")]
    [InlineData("VllmClient.Simulator")]
    public void A_package_refers_only_to_the_listed_assemblies(string package)
    {
        using var ours = new Assemblies([package]);

        var unlisted = ours.Definitions.Single().MainModule.AssemblyReferences
            .Select(reference => reference.Name)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Except(References[package], StringComparer.Ordinal);

        unlisted.ShouldBeEmpty();
    }

    [Fact]
    public void Internals_are_open_only_to_tests_and_benchmarks()
    {
        using var ours = new Assemblies(Packages);

        var friends = ours.Definitions
            .SelectMany(assembly => assembly.CustomAttributes)
            .Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value);

        friends.ShouldAllBe(friend => friend.EndsWith("Tests", StringComparison.Ordinal) || friend == "VllmClient.Benchmarks");
    }

    [Fact]
    public void Public_interfaces_are_the_agreed_ones()
    {
        using var ours = new Assemblies(Packages);

        var interfaces = ours.Definitions.SelectMany(assembly => assembly.MainModule.Types).Where(type => type is { IsPublic: true, IsInterface: true }).Select(type => type.Name);

        interfaces.Except(["IVllmClient", "IVllmServer", "IVllmResponses", "IResourceSource"], StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(PlantedInAsyncMethod))]
    [InlineData(typeof(PlantedInIterator))]
    [InlineData(typeof(PlantedInAsyncIterator))]
    [InlineData(typeof(PlantedInLambda))]
    [InlineData(typeof(PlantedInLocalFunction))]
    [InlineData(typeof(PlantedInGenericArgument))]
    [InlineData(typeof(PlantedInTypeOf))]
    [InlineData(typeof(PlantedInSignature))]
    [InlineData(typeof(PlantedInProperty))]
    [InlineData(typeof(PlantedInCatch))]
    [InlineData(typeof(PlantedInBaseType))]
    public void The_checker_finds_a_planted_violation(Type planted) =>
        PlantedViolations().ShouldContain(line => line.StartsWith($"{planted.FullName} -> System.Text.", StringComparison.Ordinal));

    [Fact]
    public void The_checker_finds_a_planted_use_of_another_room() =>
        PlantedViolations().ShouldContain(line => line.StartsWith($"{typeof(PlantedUseOfAnotherRoom).FullName} -> {typeof(PlantedInNothing).FullName} ", StringComparison.Ordinal));

    [Fact]
    public void The_checker_leaves_innocent_types_alone() =>
        PlantedViolations().ShouldNotContain(line => line.StartsWith(typeof(PlantedInNothing).FullName!, StringComparison.Ordinal));

    static IReadOnlyList<string> PlantedViolations()
    {
        using var own = new Assemblies([typeof(ArchitectureTests).Assembly.GetName().Name!]);
        var table = new Room[] { new("Guarded", [], ["System.Text."]), new("Other", [], []), new("Tests", ["Guarded", "Other"], []) };
        var checker = new DependencyChecker(table, type => type.Namespace != typeof(PlantedInNothing).Namespace ? "Tests" : type.Name == nameof(PlantedInNothing) ? "Other" : "Guarded");
        return checker.Violations(own.Definitions);
    }

    static string FolderOf(TypeDefinition type, Dictionary<string, string> folders)
    {
        var key = $"{type.Module.Assembly.Name.Name}:{type.Namespace}.{Arity().Replace(type.Name, "")}";
        return folders.TryGetValue(key, out var folder) ? folder : throw new InvalidOperationException($"No source file declares {key}.");
    }

    [GeneratedRegex(@"`\d+$")]
    private static partial Regex Arity();

    /// <summary>Compiled assemblies, each from its own project's output: the copy beside the tests may carry the counters of a coverage run.</summary>
    sealed class Assemblies(IEnumerable<string> names) : IDisposable
    {
        public IReadOnlyList<AssemblyDefinition> Definitions { get; } =
            [.. names.Select(name => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "../..", name, Configuration, name + ".dll"), new ReaderParameters { InMemory = true }))];

        static string Configuration => Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

        public void Dispose()
        {
            foreach (var definition in Definitions) definition.Dispose();
        }
    }
}
