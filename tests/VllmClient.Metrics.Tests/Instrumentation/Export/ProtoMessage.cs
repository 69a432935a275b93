using System.Buffers.Binary;
using System.Text;

namespace Vllm.Tests.Instrumentation.Export;

/// <summary>A message in protobuf's wire format, read without its schema: values by field number.</summary>
sealed class ProtoMessage
{
    readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    internal ProtoMessage(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var key = Varint(bytes.Span, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, Varint(bytes.Span, ref at), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes.Span, ref at);
                    _fields.Add((field, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Field {field} has an unknown wire type.");
            }
        }
    }

    internal IEnumerable<ProtoMessage> All(int field) => _fields.Where(one => one.Field == field).Select(one => new ProtoMessage(one.Bytes));

    internal bool Has(int field) => _fields.Any(one => one.Field == field);

    internal string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    internal ReadOnlyMemory<byte> Bytes(int field) => _fields.LastOrDefault(one => one.Field == field).Bytes;

    internal ulong Number(int field) => _fields.LastOrDefault(one => one.Field == field).Number;

    internal double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    /// <summary>A packed list of doubles.</summary>
    internal double[] Doubles(int field)
    {
        var bytes = Bytes(field);
        return [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span[(i * 8)..]))];
    }

    static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}
