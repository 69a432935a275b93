namespace Vllm.Load;

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    /// <summary>Every phase ran to its end.</summary>
    Finished,

    /// <summary>A stop rule of the plan ended it.</summary>
    StopRule,

    /// <summary>The runner was asked to stop: running turns were allowed to end for up to 5 seconds.</summary>
    Stopped,

    /// <summary>The caller's token fired, or the runner was disposed: running turns were cancelled.</summary>
    Cancelled,
}
