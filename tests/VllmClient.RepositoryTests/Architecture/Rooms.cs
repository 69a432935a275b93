using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Vllm.Tests.Repository.Architecture;

/// <summary>One row of the dependency table: which rooms of ours a room may use besides itself, and which foreign names never.</summary>
sealed record Room(string Name, string[] MayUse, string[] Never);

/// <summary>The dependency table of the house, as data. Anything not listed is forbidden.</summary>
static partial class Rooms
{
    static readonly string[] Http = ["System.Net.Http.HttpClient", "System.Net.Http.HttpRequestMessage", "System.Net.Http.HttpResponseMessage", "System.Net.Http.HttpContent", "System.Net.Http.HttpMessage"];
    static readonly string[] Clock = ["System.TimeProvider", "System.Threading.ITimer", "System.Diagnostics.Stopwatch"];
    static readonly string[] Files = ["System.IO.File", "System.IO.Directory", "System.IO.Path"];
    static readonly string[] Screen = ["System.Console"];
    static readonly string[] Web = ["Microsoft.AspNetCore."];
    static readonly string[] Exporting = ["OpenTelemetry."];
    static readonly string[] Core = ["Data", "Options", "Contract", "Telemetry", "Wire", "Http", "Streaming", "ExtensionsAI", "Door"];
    static readonly string[] PublicCore = ["Data", "Options", "Contract", "Telemetry", "Streaming", "Door"];

    public static IReadOnlyList<Room> Table { get; } =
    [
        new("Data", [], [.. Http, .. Exporting]),
        new("Options", ["Data"], Exporting),
        new("Contract", ["Data", "Options"], [.. Http.Where(name => name.EndsWith("Client", StringComparison.Ordinal)), .. Exporting]),
        new("Wire", ["Data"], ["System.Net.Http.", .. Clock, "Microsoft.Extensions.Logging.", "System.Diagnostics.Metrics.", "System.Diagnostics.Activity", .. Exporting]),
        new("Telemetry", ["Data", "Options"], [.. Http, .. Exporting]),
        new("Http", ["Data", "Options", "Wire", "Telemetry"], ["Microsoft.Extensions.DependencyInjection.", .. Exporting]),
        new("Streaming", ["Data", "Wire"], [.. Http, .. Clock, .. Exporting]),
        new("ExtensionsAI", ["Contract", "Data", "Options", "Streaming"], [.. Http, .. Exporting]),
        new("Door", Core, Exporting),

        new("Statistics", [], [.. Clock, "System.IO.", .. Screen, .. Exporting]),
        new("Resources", [.. PublicCore, "Statistics"], Exporting),
        new("Load", [.. PublicCore, "Statistics", "Resources"], [.. Screen, .. Files, .. Exporting]),
        new("Reports", ["Load", "Statistics", "Resources"], [.. Clock, .. Screen, .. Exporting]),
        new("Instrumentation", PublicCore, []),
        new("MetricsRoot", [.. PublicCore, "Statistics", "Resources", "Load", "Reports", "Instrumentation"], []),

        new("Simulator.Data", [], Web),
        new("Simulator.Truth", ["Simulator.Data"], Web),
        new("Simulator.Engine", ["Simulator.Data"], [.. Web, "System.Net.Http."]),
        new("Simulator.Wire", ["Simulator.Data", "Simulator.Engine"], Web),
        new("Simulator.Handler", ["Simulator.Data", "Simulator.Engine", "Simulator.Wire"], Web),
        new("Simulator.Serving", ["Simulator.Data", "Simulator.Truth", "Simulator.Engine", "Simulator.Wire"], Web),
        new("Simulator.Hosting", ["Simulator.Data", "Simulator.Truth", "Simulator.Engine", "Simulator.Wire", "Simulator.Handler", "Simulator.Serving"], []),
    ];

    /// <summary>The room of a type: by its namespace; the namespaces that a package lifts its public types into are told apart by kind and by folder.</summary>
    /// <param name="type">An outermost type.</param>
    /// <param name="folder">Its folder below the package's own, empty for the package's root.</param>
    public static string? RoomOf(TypeDefinition type, string folder)
    {
        var first = folder.Split('/')[0];
        var inner = type.Namespace.Split('.');
        return type.Module.Assembly.Name.Name switch
        {
            "VllmClient" when inner is ["Vllm", var room, ..] => room,
            "VllmClient" => CoreRoomOf(type, first),
            "VllmClient.Metrics" when inner is ["Vllm", var room, ..] => room,
            "VllmClient.Metrics" => first.Length == 0 ? "MetricsRoot" : first,
            "VllmClient.Simulator" when inner is ["Vllm", "Simulator", var room, ..] => $"Simulator.{room}",
            "VllmClient.Simulator" when type.IsPublic && (IsData(type) || IsOptions(type)) => "Simulator.Data",
            "VllmClient.Simulator" => first.Length == 0 ? "Simulator.Hosting" : $"Simulator.{first}",
            _ => null,
        };
    }

    static string CoreRoomOf(TypeDefinition type, string folder) => folder switch
    {
        _ when IsOptions(type) => "Options",
        _ when IsData(type) => "Data",
        _ when type.IsInterface => "Contract",
        "" or "Registration" => "Door",
        "Telemetry" or "Streaming" or "ExtensionsAI" => folder,
        // A feature's own folder holds data and, beside it, the extension members that are part of the door.
        _ => type is { IsAbstract: true, IsSealed: true, IsPublic: true } ? "Door" : "Data",
    };

    static bool IsOptions(TypeDefinition type) => type.Name.EndsWith("Options", StringComparison.Ordinal);

    static bool IsData(TypeDefinition type) =>
        type.IsValueType || type.Methods.Any(method => method.Name == "<Clone>$") || IsException(type);

    static bool IsException(TypeDefinition type) => type.Name.EndsWith("Exception", StringComparison.Ordinal);

    /// <summary>Full name of each outermost type declared in source files, and the folder of its file below its package.</summary>
    public static Dictionary<string, string> FoldersOf(IEnumerable<SourceFile> sources)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in sources)
        {
            var parts = file.Folder.Split('/', 3);
            var folder = parts.Length > 2 ? parts[2] : "";
            var space = Namespace().Match(file.Text).Groups[1].Value;
            foreach (Match match in Declaration().Matches(file.Text)) folders[$"{parts[1]}:{space}.{match.Groups[1].Value}"] = folder;
        }
        return folders;
    }

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:[a-z]+\s+)*(?:class|struct|interface|enum|record\s+struct|record\s+class|record|delegate\s+[\w<>?,\s\[\]]+?)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
