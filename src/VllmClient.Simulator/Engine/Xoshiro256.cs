using System.Numerics;

namespace Vllm.Simulator.Engine;

/// <summary>xoshiro256**, seeded by SplitMix64: the same numbers on every platform.</summary>
sealed class Xoshiro256
{
    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;

    public Xoshiro256(ulong seed)
    {
        // SplitMix64 adds the same constant before each output; Mix.Of adds it itself.
        const ulong golden = 0x9E3779B97F4A7C15;
        _a = Mix.Of(seed);
        _b = Mix.Of(unchecked(seed + golden));
        _c = Mix.Of(unchecked(seed + (2 * golden)));
        _d = Mix.Of(unchecked(seed + (3 * golden)));
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
