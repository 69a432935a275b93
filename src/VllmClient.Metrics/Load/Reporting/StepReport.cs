using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>The calls that one step of the turns made. A report lists the steps in the order in which they first ran.</summary>
public sealed record StepReport
{
    /// <summary>The step's name, or the operation of its calls, such as <c>chat</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Calls made in turns that were measured.</summary>
    public long Count { get; init; }

    /// <summary>Calls that failed, also those whose failure the work survived.</summary>
    public long Failed { get; init; }

    /// <summary>Time to first token of the completed calls, in seconds; null if none was streamed.</summary>
    public Distribution<TimeSpan>? TimeToFirstToken { get; init; }

    /// <summary>Duration of the completed calls, in seconds, from sending to the end.</summary>
    public Distribution<TimeSpan> Duration { get => field ?? new(); init; }
}
