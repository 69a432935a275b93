using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Vllm;

/// <summary>What a client takes from its surroundings. Each is optional.</summary>
public sealed record VllmClientServices
{
    /// <summary>Where logs go; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock of all stamps and deadlines; null: the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Who makes the meter; null: one meter for the whole process.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Tells whether another library measures chats in this process; null looks for itself.</summary>
    internal Func<bool>? ForeignInstruments { get; init; }
}
