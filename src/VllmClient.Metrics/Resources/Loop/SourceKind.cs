namespace Vllm.Resources;

/// <summary>How a source is to be read.</summary>
/// <param name="IsRemote">Over HTTP: less often, and with more patience.</param>
/// <param name="IsForeign">Code of someone else, which may block.</param>
/// <param name="Least">Shortest time between two readings.</param>
/// <param name="Timeout">How long a reading may take; null: what the kind gives.</param>
/// <param name="Offset">Ticks by which it is shifted against the others, so that servers are not all asked at once.</param>
readonly record struct SourceKind(bool IsRemote = false, bool IsForeign = false, TimeSpan Least = default, TimeSpan? Timeout = null, int Offset = 0)
{
    public static SourceKind Local => new();

    public static SourceKind Foreign => new(IsForeign: true);

    /// <summary>Of this machine, but with waiting of its own.</summary>
    public static SourceKind Waiting(TimeSpan least, TimeSpan timeout) => new(Least: least, Timeout: timeout);

    /// <summary>Of a server; the shift follows from its name, so that it is the same in every run.</summary>
    public static SourceKind Remote(string target)
    {
        var hash = 2166136261u;
        foreach (var letter in target) hash = (hash ^ letter) * 16777619u;
        return new(IsRemote: true, Offset: (int)(hash % 3600));
    }

    /// <summary>Whether the source needs no limit of time of its own, because it never waits for anything but itself.</summary>
    public bool IsTrusted => !IsRemote && !IsForeign && Timeout is null;
}
