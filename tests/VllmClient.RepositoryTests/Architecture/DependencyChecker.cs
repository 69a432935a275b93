using Mono.Cecil;

namespace Vllm.Tests.Repository.Architecture;

/// <summary>Compares what types mention with what their rooms allow. Pure: assemblies and a table in, sentences out.</summary>
sealed class DependencyChecker(IReadOnlyList<Room> table, Func<TypeDefinition, string?> roomOf)
{
    readonly Dictionary<string, Room> _rooms = table.ToDictionary(room => room.Name, StringComparer.Ordinal);

    /// <summary>Each forbidden mention as <c>origin -> target</c>, with the two rooms.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<AssemblyDefinition> assemblies)
    {
        var types = assemblies.SelectMany(assembly => assembly.MainModule.Types).Where(IsOurs).ToList();
        var rooms = types.DistinctBy(type => type.FullName).ToDictionary(type => type.FullName, roomOf, StringComparer.Ordinal);
        return
        [
            .. types
                .SelectMany(type => TypeDependencies.Of(type).Select(target => Judge(type.FullName, rooms[type.FullName], target, rooms)))
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];
    }

    // What the compiler and the source generators add has no room; it is nobody's decision.
    static bool IsOurs(TypeDefinition type) =>
        !type.Name.StartsWith('<')
        && type.Namespace is not ("" or "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices")
        && !type.Namespace.EndsWith(".Generated", StringComparison.Ordinal);

    string? Judge(string origin, string? room, string target, Dictionary<string, string?> rooms)
    {
        if (room is null || !_rooms.TryGetValue(room, out var row)) return $"{origin} is in the room {room ?? "?"}, which the table does not list";
        if (rooms.TryGetValue(target, out var targetRoom))
        {
            return targetRoom == room || row.MayUse.Contains(targetRoom, StringComparer.Ordinal) ? null : $"{origin} -> {target} ({room} may not use {targetRoom})";
        }
        return row.Never.Any(name => Forbids(name, target)) ? $"{origin} -> {target} (never in {room})" : null;
    }

    static bool Forbids(string name, string target) =>
        name.EndsWith('.') ? target.StartsWith(name, StringComparison.Ordinal) : target == name || target.StartsWith(name, StringComparison.Ordinal) && !char.IsLower(target[name.Length]);
}
