namespace Vllm.Simulator.Engine;

/// <summary>The 64-bit mixer of SplitMix64, used wherever a value must follow from a seed and not from chance.</summary>
static class Mix
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    public static ulong Of(ulong value)
    {
        var z = value + Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public static ulong Of(ulong a, ulong b) => Of(Of(a) ^ b);

    public static ulong Of(ulong a, ulong b, ulong c) => Of(Of(a, b) ^ c);
}
