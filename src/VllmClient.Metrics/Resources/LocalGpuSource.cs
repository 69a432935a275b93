namespace Vllm.Resources;

/// <summary>How to read the GPUs of this machine.</summary>
public enum LocalGpuSource
{
    /// <summary>NVIDIA's library, else its program <c>nvidia-smi</c>; on Linux also the AMD driver's files.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    Off,

    /// <summary>NVIDIA's management library alone.</summary>
    Nvml,

    /// <summary>The program <c>nvidia-smi</c> alone, at most every 5 s.</summary>
    NvidiaSmi,

    /// <summary>The AMD driver's files alone; Linux only.</summary>
    Amd,
}
