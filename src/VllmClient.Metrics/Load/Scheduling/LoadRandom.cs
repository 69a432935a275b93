using System.Buffers.Binary;

namespace Vllm.Load;

/// <summary>What a stream of random numbers is for; each purpose has its own, so that one cannot disturb another.</summary>
enum RandomPurpose
{
    Arrivals = 1,
    Prompts = 2,
    Spread = 6,
    Turn = 8,
    Run = 10,
}

/// <summary>The generator xoshiro256**, seeded through SplitMix64: the same numbers on every platform and version of .NET.</summary>
sealed class LoadRandom : Random
{
    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;

    /// <summary>Creates the stream of one purpose and one phase or turn.</summary>
    public LoadRandom(ulong seed, RandomPurpose purpose, long index)
        : base(0)
    {
        var state = Mix(Mix(Mix(seed) + (ulong)purpose) + (ulong)index);
        _a = Split(ref state);
        _b = Split(ref state);
        _c = Split(ref state);
        _d = Split(ref state);
    }

    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1 << 24));

    public override int Next() => (int)Below(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)Below((ulong)maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + (long)Below((ulong)((long)maxValue - minValue)));
    }

    public override long NextInt64() => (long)Below(long.MaxValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Below((ulong)maxValue);
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (long)((ulong)minValue + Below((ulong)maxValue - (ulong)minValue));
    }

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        Span<byte> word = stackalloc byte[8];
        while (!buffer.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextUInt64());
            var count = Math.Min(buffer.Length, word.Length);
            word[..count].CopyTo(buffer);
            buffer = buffer[count..];
        }
    }

    protected override double Sample() => NextDouble();

    // Multiply-shift with rejection: every value below the bound is equally likely.
    ulong Below(ulong bound)
    {
        if (bound <= 1) return 0;
        var high = Math.BigMul(NextUInt64(), bound, out var low);
        if (low >= bound) return high;
        var threshold = (0 - bound) % bound;
        while (low < threshold) high = Math.BigMul(NextUInt64(), bound, out low);
        return high;
    }

    static ulong Mix(ulong value) => Split(ref value);

    static ulong Split(ref ulong state)
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
