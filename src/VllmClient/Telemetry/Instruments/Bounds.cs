namespace Vllm.Telemetry;

/// <summary>Bucket bounds of the histograms. Each list holds the convention's own bounds and adds some where answers of language models fall.</summary>
static class Bounds
{
    /// <summary>Whole calls, in seconds: 10 ms to 11 min.</summary>
    internal static double[] Durations { get; } =
    [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.24, 0.32, 0.48, 0.64, 0.96, 1.28, 1.92, 2.56, 3.84, 5.12, 7.68, 10.24, 15.36,
        20.48, 30.72, 40.96, 61.44, 81.92, 163.84, 327.68, 655.36,
    ];

    /// <summary>Times to the first content, in seconds: 5 ms to 164 s.</summary>
    internal static double[] FirstContent { get; } =
    [
        0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 0.48, 0.64, 0.96, 1.28, 1.92, 2.56,
        3.84, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84,
    ];

    /// <summary>Gaps within an answer, in seconds: 1 ms to 82 s.</summary>
    internal static double[] Gaps { get; } =
    [
        0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24,
        20.48, 40.96, 81.92,
    ];

    /// <summary>Tokens: 1 to 1,048,576.</summary>
    internal static long[] Tokens { get; } =
        [1, 4, 16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 1048576];
}
