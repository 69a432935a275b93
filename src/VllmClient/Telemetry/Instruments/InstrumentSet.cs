namespace Vllm.Telemetry;

/// <summary>The instruments that somebody listened to when a call began. Every record of the call obeys it.</summary>
[Flags]
enum InstrumentSet
{
    None = 0,
    Duration = 1,
    TimeToFirstChunk = 1 << 1,
    TimePerOutputChunk = 1 << 2,
    TokenUsage = 1 << 3,
    GenAi = Duration | TimeToFirstChunk | TimePerOutputChunk | TokenUsage,
    TimeToFirstToken = 1 << 4,
    TimeToFirstVisibleToken = 1 << 5,
    TimePerOutputToken = 1 << 6,
    LongestStall = 1 << 7,
    StreamChunks = 1 << 8,
    CacheReadInputTokens = 1 << 9,
    ReasoningOutputTokens = 1 << 10,
    UsageMissing = 1 << 11,
    TimeInQueue = 1 << 12,
    Retries = 1 << 13,

    /// <summary>What can be said of a call whose answer the client does not understand.</summary>
    Custom = Duration | Retries,
}
