namespace LoadRunnerSample;

/// <summary>Something that the user can put right; the message is one sentence that says how.</summary>
sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
