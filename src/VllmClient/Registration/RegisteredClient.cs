using Microsoft.Extensions.Configuration;

namespace Vllm;

/// <summary>A client that the application registered.</summary>
/// <param name="Name">Its name; null for the default client.</param>
/// <param name="Section">The section it was given; null: its own below <c>Vllm</c>.</param>
sealed record RegisteredClient(string? Name, IConfiguration? Section)
{
    internal const string RootSection = "Vllm";

    /// <summary>Where its settings are looked for, as the configuration writes it.</summary>
    internal string SectionPath => Section is not null ? (Section as IConfigurationSection)?.Path ?? "" : Name is null ? RootSection : $"{RootSection}:{Name}";

    /// <summary>The connection string that serves what the section leaves open; null for a client that was given its section.</summary>
    internal string? ConnectionString => Section is null ? Name ?? "vllm" : null;

    /// <summary>How messages call it.</summary>
    internal string Shown => Name is null ? "VllmClient" : $"VllmClient '{Name}'";

    internal string HttpName => Name is null ? "VllmClient" : $"VllmClient:{Name}";

    internal string OptionsName => Name ?? Microsoft.Extensions.Options.Options.DefaultName;

    /// <summary>The place of one setting.</summary>
    internal string PathOf(string key) => SectionPath.Length == 0 ? key : $"{SectionPath}:{key}";
}
