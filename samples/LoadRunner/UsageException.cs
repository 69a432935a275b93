namespace LoadRunnerSample;

/// <summary>The run cannot be what was asked for. The message is one sentence that says what to do.</summary>
sealed class UsageException(string message) : Exception(message);
