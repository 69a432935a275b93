using System.Buffers.Text;

namespace Vllm.Resources;

/// <summary>Parsers of the kernel's texts. Pure; what cannot be understood is null.</summary>
static class ProcText
{
    /// <summary>The next line, without its end; false when there is none.</summary>
    public static bool TryLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (rest.IsEmpty) return false;
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }

    /// <summary>The next word of a line; empty at its end.</summary>
    public static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    public static long? Number(ReadOnlySpan<byte> word)
    {
        word = word.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(word, out long value, out var used) && used == word.Length && used > 0 ? value : null;
    }

    public static double? Decimal(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out double value, out var used) && used == word.Length && used > 0 && double.IsFinite(value) ? value : null;

    /// <summary>The number behind a key at the start of a line, as in <c>cpu.stat</c> and <c>memory.stat</c>.</summary>
    public static long? Keyed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (TryLine(ref text, out var line))
            if (Word(ref line).SequenceEqual(key)) return Number(Word(ref line));
        return null;
    }

    /// <summary>A field of <c>/proc/meminfo</c>, in bytes; its kB are 1,024 bytes.</summary>
    public static long? MemoryBytes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> keyWithColon) => Keyed(text, keyWithColon) * 1024;

    /// <summary>Microseconds of <c>some</c> in a file of <c>/proc/pressure</c>.</summary>
    public static TimeSpan? Pressure(ReadOnlySpan<byte> text)
    {
        while (TryLine(ref text, out var line))
        {
            if (!Word(ref line).SequenceEqual("some"u8)) continue;
            var total = line.IndexOf("total="u8);
            if (total < 0) return null;
            return Number(line[(total + "total=".Length)..]) is >= 0 and < long.MaxValue / 10 and var micro ? TimeSpan.FromMicroseconds(micro) : null;
        }

        return null;
    }

    /// <summary>Load of the last minute and threads that run, from <c>/proc/loadavg</c>.</summary>
    public static (double? Load1, int? Runnable) Load(ReadOnlySpan<byte> text)
    {
        var load = Decimal(Word(ref text));
        Word(ref text);
        Word(ref text);
        var tasks = Word(ref text);
        var slash = tasks.IndexOf((byte)'/');
        return (load, slash > 0 ? (int?)Number(tasks[..slash]) : null);
    }

    /// <summary>Bytes received and sent by the devices that stand for the outside.</summary>
    public static (long? Received, long? Sent) Network(ReadOnlySpan<byte> text)
    {
        long? received = null;
        long? sent = null;
        while (TryLine(ref text, out var line))
        {
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || IsInner(line[..colon].Trim((byte)' '))) continue;
            var fields = line[(colon + 1)..];
            var first = Number(Word(ref fields));
            for (var i = 0; i < 7; i++) Word(ref fields);
            if (first is not { } into || Number(Word(ref fields)) is not { } outOf) continue;
            received = (received ?? 0) + into;
            sent = (sent ?? 0) + outOf;
        }

        return (received, sent);
    }

    /// <summary>Whether a device carries only traffic that another device of the machine counts too.</summary>
    public static bool IsInner(ReadOnlySpan<byte> device) =>
        device.SequenceEqual("lo"u8) || device.StartsWith("veth"u8) || device.StartsWith("docker"u8) || device.StartsWith("br-"u8)
        || device.StartsWith("virbr"u8) || device.StartsWith("cni"u8) || device.StartsWith("cali"u8) || device.StartsWith("flannel"u8) || device.StartsWith("ifb"u8);
}
