using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vllm.Telemetry;

namespace Vllm;

/// <summary>Finds sections below <c>Vllm</c> that nobody reads: the name of a client or of an option is misspelt, most likely.</summary>
sealed class UnreadSections(IEnumerable<RegisteredClient> clients, IConfiguration? root, ILoggerFactory? loggers)
{
    int _told;

    /// <summary>Warns of each, the first time that any client is made.</summary>
    internal void TellOnce()
    {
        if (Interlocked.Exchange(ref _told, 1) != 0 || root is null) return;
        var logger = loggers?.CreateLogger("VllmClient") ?? NullLogger.Instance;
        var registered = string.Join(", ", clients.Select(client => client.Shown).Distinct());
        foreach (var section in Clients(root))
        {
            if (!clients.Any(client => IsSame(client.SectionPath, section.Path))) Log.UnreadSection(logger, section.Path, registered);
        }
    }

    /// <summary>The sections below <c>Vllm</c> that can only be those of clients.</summary>
    internal static IEnumerable<IConfigurationSection> Clients(IConfiguration root) =>
        root.GetSection(RegisteredClient.RootSection).GetChildren().Where(child => !VllmClientConfiguration.IsOption(child.Key) && child.GetChildren().Any());

    static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
