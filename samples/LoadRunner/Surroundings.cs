namespace LoadRunnerSample;

/// <summary>What the program sees of the outside, so that a test can be it.</summary>
sealed record Surroundings
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether the progress goes to a terminal that can redraw lines.</summary>
    public bool IsTerminal { get; init; }

    public Func<string, string?> Variable { get; init; } = _ => null;

    public required Interrupt Interrupt { get; init; }
}
