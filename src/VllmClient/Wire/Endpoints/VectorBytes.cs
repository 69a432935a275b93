using System.Buffers.Binary;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Turns the bytes of a vector into numbers.</summary>
/// <param name="Type">What the bytes are; null for a type that this version does not know.</param>
/// <param name="IsBigEndian">Whether the highest byte comes first.</param>
readonly record struct VectorBytes(VectorNumberType? Type, bool IsBigEndian)
{
    /// <summary>The form in the server's words. What is not said is 32 bits, lowest byte first, which is also what every machine's own order is taken to be.</summary>
    internal static VectorBytes Of(string? type, string? order) => new(
        type switch
        {
            null or "float32" => VectorNumberType.F32,
            "float16" => VectorNumberType.F16,
            "bfloat16" => VectorNumberType.BF16,
            "fp8_e4m3" => VectorNumberType.F8E4M3,
            "fp8_e5m2" => VectorNumberType.F8E5M2,
            _ => null,
        },
        order == "big");

    int Size => Type switch
    {
        VectorNumberType.F32 => 4,
        VectorNumberType.F16 or VectorNumberType.BF16 => 2,
        VectorNumberType.F8E4M3 or VectorNumberType.F8E5M2 => 1,
        _ => throw new JsonException("The type of the numbers is unknown."),
    };

    /// <exception cref="JsonException">The bytes are no whole numbers.</exception>
    internal float[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % Size != 0) throw new JsonException("The bytes of a vector end within a number.");
        var values = new float[bytes.Length / Size];
        for (var i = 0; i < values.Length; i++) values[i] = One(bytes.Slice(i * Size, Size));
        return values;
    }

    float One(ReadOnlySpan<byte> bytes) => Type switch
    {
        VectorNumberType.F32 => BitConverter.UInt32BitsToSingle(IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        VectorNumberType.F16 => (float)BitConverter.UInt16BitsToHalf(Short(bytes)),
        VectorNumberType.BF16 => BitConverter.UInt32BitsToSingle((uint)Short(bytes) << 16),
        VectorNumberType.F8E5M2 => (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[0] << 8)),
        _ => E4M3(bytes[0]),
    };

    ushort Short(ReadOnlySpan<byte> bytes) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    // 1 bit of sign, 4 of exponent with a bias of 7, 3 of fraction; all ones is NaN, and there is no infinity.
    static float E4M3(byte bits)
    {
        var (exponent, fraction) = (bits >> 3 & 15, bits & 7);
        if (exponent == 15 && fraction == 7) return float.NaN;
        var size = exponent == 0 ? MathF.ScaleB(fraction, -9) : MathF.ScaleB(8 + fraction, exponent - 10);
        return (bits & 128) == 0 ? size : -size;
    }
}
