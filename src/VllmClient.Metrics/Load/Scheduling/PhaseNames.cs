using System.Globalization;

namespace Vllm.Load;

/// <summary>The names of a plan's phases as reports show them.</summary>
static class PhaseNames
{
    public const string WarmUp = "warm-up";
    public const string Drain = "drain";
    public const string Total = "total";

    /// <summary>One name per phase: the given one, else the kind's word, with <c>-2</c>, <c>-3</c> where it repeats.</summary>
    public static string[] Of(IReadOnlyList<LoadPhase> phases)
    {
        var taken = new HashSet<string>(phases.Select(p => p?.Name).OfType<string>(), StringComparer.Ordinal);
        var names = new string[phases.Count];
        for (var i = 0; i < names.Length; i++) names[i] = phases[i].Name ?? Free(Word(phases[i]), taken);
        return names;
    }

    static string Free(string word, HashSet<string> taken)
    {
        var name = word;
        for (var repeat = 2; !taken.Add(name); repeat++) name = string.Create(CultureInfo.InvariantCulture, $"{word}-{repeat}");
        return name;
    }

    static string Word(LoadPhase phase) => phase switch
    {
        UsersPhase => "users",
        RatePhase => "rate",
        PausePhase => "pause",
        _ => "auto",
    };
}
