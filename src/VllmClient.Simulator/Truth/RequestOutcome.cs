namespace Vllm.Simulator;

/// <summary>How a request ended, as the server knows it.</summary>
public enum RequestOutcome
{
    /// <summary>The whole answer was made.</summary>
    Finished,

    /// <summary>The server answered with an error status.</summary>
    Refused,

    /// <summary>The client went away before the end.</summary>
    ClientLeft,

    /// <summary>The server was stopping and ended the answer with <c>abort</c>.</summary>
    Aborted,

    /// <summary>The server was killed and closed the connection.</summary>
    Killed,
}
