using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Vllm.Load;

/// <summary>The fingerprint of every arrival of a plan.</summary>
static class ScheduleHash
{
    const int ItemBytes = 12;
    const int Block = 4096;

    /// <summary>SHA-256 of phase (4 bytes) and due time (8 bytes), little-endian, of all measured phases with a rate, in lower-case hex.</summary>
    public static string Compute(LoadPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ItemBytes * Block];
        for (var phase = 0; phase < plan.Phases.Count; phase++)
        {
            if (plan.Phases[phase] is RatePhase rate) Append(hash, buffer, new ArrivalSchedule(rate, plan.Seed, phase), phase);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Append(IncrementalHash hash, byte[] buffer, ArrivalSchedule schedule, int phase)
    {
        var used = 0;
        while (schedule.Next() is { } due)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(used), phase);
            BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(used + 4), due);
            used += ItemBytes;
            if (used < buffer.Length) continue;
            hash.AppendData(buffer);
            used = 0;
        }

        hash.AppendData(buffer.AsSpan(0, used));
    }
}
