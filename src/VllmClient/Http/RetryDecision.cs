namespace Vllm.Http;

/// <summary>Whether a failed attempt is followed by another. Pure: a generation must never run twice unasked.</summary>
/// <param name="Delay">The pause before the next attempt; null if there is none.</param>
/// <param name="Reason">Why there is none.</param>
readonly record struct RetryDecision(TimeSpan? Delay, string Reason)
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);
    static readonly TimeSpan RaceWindow = TimeSpan.FromSeconds(1);

    /// <param name="failure">How the attempt ended.</param>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="settings">The limits of the call.</param>
    /// <param name="sinceSent">Time since the attempt was sent.</param>
    /// <param name="connection">What it found on its connection; null if that is not known.</param>
    /// <param name="left">What is left of the whole call's time; null if there is no limit.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    internal static RetryDecision Of(
        VllmException failure, int attempt, CallSettings settings, TimeSpan sinceSent, ConnectionUse? connection, TimeSpan? left, double jitter)
    {
        if (attempt > settings.MaxRetries) return Refuse("no attempts are left");
        switch (failure)
        {
            case { IsTransient: true }:
                return Within((failure as VllmApiException)?.RetryAfter ?? Backoff(attempt, jitter), settings, left);
            // The server closed an idle connection just as the request went into it. Later than that, or after a byte of an answer, it may have died generating.
            case VllmConnectionException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown }
                when connection is { WasReused: true, BytesReceived: 0 } && sinceSent <= RaceWindow:
                return Within(attempt == 1 ? TimeSpan.Zero : Backoff(attempt, jitter), settings, left);
            default:
                return Refuse("the server may have begun to generate, or would refuse again");
        }
    }

    static RetryDecision Within(TimeSpan delay, CallSettings settings, TimeSpan? left)
    {
        if (delay > settings.MaxRetryDelay) return Refuse("the server asks for a longer pause than MaxRetryDelay");
        if (left is { } rest && delay >= rest) return Refuse("the pause would outlast the call's Timeout");
        return new RetryDecision(delay, "");
    }

    static RetryDecision Refuse(string reason) => new(null, reason);

    static TimeSpan Backoff(int attempt, double jitter)
    {
        var ceiling = FirstDelay * Math.Pow(2, attempt - 1);
        return (ceiling < LongestDelay ? ceiling : LongestDelay) * jitter;
    }
}
