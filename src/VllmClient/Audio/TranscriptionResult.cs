using System.Text.Json;

namespace Vllm;

/// <summary>The text of speech.</summary>
public sealed record TranscriptionResult
{
    /// <summary>The whole text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Language of the speech; null if the server did not say.</summary>
    public string? Language { get; init; }

    /// <summary>Length of the audio, as the server counts it; null if it did not say.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The text in pieces with times; empty unless <c>verbose_json</c> was asked for.</summary>
    public IReadOnlyList<TranscriptionSegment> Segments { get => field ?? []; init; }

    /// <summary>The words with times; empty unless asked for.</summary>
    public IReadOnlyList<TranscriptionWord> Words { get => field ?? []; init; }

    /// <summary>The server's token counts; null if it sent none, which is usual: it counts seconds, see <see cref="Duration"/>.</summary>
    public Usage? Usage { get; init; }

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    static CallInfo NoInfo { get; } = new();

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

/// <summary>A piece of speech and its text.</summary>
public sealed record TranscriptionSegment
{
    /// <summary>Number of the piece; null if the server did not say.</summary>
    public int? Id { get; init; }

    /// <summary>Where it begins, from the start of the audio; null if the server did not say.</summary>
    public TimeSpan? Start { get; init; }

    /// <summary>Where it ends, from the start of the audio; null if the server did not say.</summary>
    public TimeSpan? End { get; init; }

    /// <summary>Its text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Mean log probability of its tokens; null if the server did not say.</summary>
    public double? AverageLogprob { get; init; }

    /// <summary>How well its text compresses, a sign of repetition when high; null if the server did not say.</summary>
    public double? CompressionRatio { get; init; }

    /// <summary>Probability that nobody speaks, 0 to 1; null if the server did not say.</summary>
    public double? NoSpeechProbability { get; init; }

    /// <summary>Temperature that it was sampled with; null if the server did not say.</summary>
    public double? Temperature { get; init; }

    /// <summary>Ids of its tokens; empty if the server did not send them.</summary>
    public IReadOnlyList<int> Tokens { get => field ?? []; init; }
}

/// <summary>A spoken word.</summary>
public sealed record TranscriptionWord
{
    /// <summary>The word.</summary>
    public string Word { get; init; } = "";

    /// <summary>Where it begins, from the start of the audio; null if the server did not say.</summary>
    public TimeSpan? Start { get; init; }

    /// <summary>Where it ends, from the start of the audio; null if the server did not say.</summary>
    public TimeSpan? End { get; init; }
}
