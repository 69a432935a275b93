using System.Globalization;
using System.Text;

namespace Vllm.Tests.Resources;

/// <summary>Spoils pages of metrics: bytes as a broken network does it, and lines as a strange exporter could write them.</summary>
sealed class PageMutations(IReadOnlyList<byte[]> pages)
{
    const int LongestPiece = 6000;

    static readonly string[] Numbers =
    [
        "1e400", "-1e400", "1e308", "-1", "-0", "99999999999999999999999999", "9223372036854775808", "2147483647", "140737488355328", "4.9e-324", "+Inf", "-Inf", "NaN", "nan",
        "0x1p3", "1_000", "1,5", "", " ", "1e", "--1", "1.", ".5", "١",
    ];

    static readonly byte[][] BadText = [[0xC3, 0x28], [0xFF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0], [0xF4, 0x90, 0x80, 0x80]];

    static readonly string[] OddLines =
    [
        "# EOF\n", "# TYPE \"\n", "# TYPE\n", "# TYPE vllm:num_requests_running histogram\n", "#\n", "{\n", "{}\n", "{\"\"} 1\n", "vllm:\n", "vllm_ 1\n", "node_ 1\n", "DCGM_FI_DEV_ 1\n", "nvidia_smi_{uuid=\"a\"} 1\n",
        "vllm:_total 1\n", "vllm:time_to_first_token_seconds_bucket 1\n", "vllm:time_to_first_token_seconds_bucket{le=\"\"} 1\n", "vllm:e2e_request_latency_seconds_bucket{le=\"NaN\"} 1\n",
        "vllm:request_success_total{finished_reason=\"\\n\"} 1\n", "DCGM_FI_DEV_FB_USED{UUID=\"GPU-a\",gpu=\"99999999999\"} 1\n",
    ];

    /// <summary>A page for a number; the same number gives the same page.</summary>
    public byte[] Page(int number)
    {
        var random = new Random(number);
        var page = new List<byte>(8 * 1024);
        page.AddRange(Piece(pages[number % pages.Count], random, whole: number % 1000 < pages.Count));
        for (var changes = random.Next(1, 6); changes > 0; changes--) Change(page, random);
        // The dearest of all, so the rarest.
        if (number % 2000 == 1999) page.AddRange(ManySeries(random));
        return [.. page];
    }

    static ReadOnlySpan<byte> Piece(byte[] page, Random random, bool whole)
    {
        if (whole || page.Length <= LongestPiece) return page;
        return page.AsSpan(random.Next(page.Length - LongestPiece), random.Next(100, LongestPiece));
    }

    void Change(List<byte> page, Random random)
    {
        var at = random.Next(page.Count + 1);
        switch (random.Next(16))
        {
            case 0 or 1: Flip(page, random, (byte)random.Next(256)); break;
            case 2 or 3: Flip(page, random, (byte)"{}\"=,\\ \t\r\n#:0-e+"[random.Next(16)]); break;
            case 4: page.RemoveRange(at, Math.Min(random.Next(1, 40), page.Count - at)); break;
            case 5: page.RemoveRange(at, page.Count - at); break;
            case 6: page.InsertRange(at, Piece(pages[random.Next(pages.Count)], random, whole: false)); break;
            case 7: Repeat(page, random); break;
            case 8 or 9: Insert(page, " " + Numbers[random.Next(Numbers.Length)] + "\n", LineEnd(page, at)); break;
            case 10: Insert(page, LongLine(random), LineEnd(page, at)); break;
            case 11: Insert(page, ManyLabels(random.Next(60, 70)), LineEnd(page, at)); break;
            case 12: page.InsertRange(at, BadText[random.Next(BadText.Length)]); break;
            case 13: Replace(page, "\n"u8, "\r\n"u8); break;
            case 14: Replace(page, "\n"u8, " # {trace_id=\"KOO5S4vxi0o\"} 0.67 1520879607.789\n"u8); break;
            default: Insert(page, OddLines[random.Next(OddLines.Length)], LineEnd(page, at)); break;
        }
    }

    static void Flip(List<byte> page, Random random, byte value)
    {
        if (page.Count > 0) page[random.Next(page.Count)] = value;
    }

    static void Repeat(List<byte> page, Random random)
    {
        var start = LineEnd(page, random.Next(page.Count + 1));
        var piece = page.GetRange(start, Math.Min(random.Next(1, 400), page.Count - start));
        for (var i = random.Next(1, 8); i > 0; i--) page.InsertRange(start, piece);
    }

    static void Insert(List<byte> page, string text, int at) => page.InsertRange(at, Encoding.UTF8.GetBytes(text));

    // In front of the line's end one time, behind it the next: a value is changed, or a line of its own is made.
    static int LineEnd(List<byte> page, int from)
    {
        var end = page.IndexOf((byte)'\n', from);
        return end < 0 ? page.Count : end + (from % 2);
    }

    static void Replace(List<byte> page, ReadOnlySpan<byte> what, ReadOnlySpan<byte> with)
    {
        var changed = new List<byte>(page.Count * 2);
        foreach (var letter in page)
        {
            if (letter == what[0]) changed.AddRange(with);
            else changed.Add(letter);
        }

        // One that was lengthened already is long enough.
        if (changed.Count > 200_000) return;
        page.Clear();
        page.AddRange(changed);
    }

    static string LongLine(Random random) => random.Next(3) switch
    {
        0 => $"vllm:num_requests_running{{engine=\"{new string('x', 4090 + random.Next(10))}\"}} 1\n",
        1 => $"node_load1 {new string(' ', 65_520 + random.Next(30))}1\n",
        _ => $"DCGM_FI_DEV_GPU_UTIL{{UUID=\"{new string('\\', random.Next(4000))}\"}} 1\n",
    };

    static string ManyLabels(int count) => $"vllm:num_requests_waiting{{{string.Join(',', Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"l{i}=\"{i}\"")))}}} 1\n";

    static byte[] ManySeries(Random random)
    {
        var line = random.Next(4) switch
        {
            0 => "\nvllm:num_requests_running{{engine=\"{0}\"}} 1",
            1 => "\nvllm:request_success_total{{finished_reason=\"{0}\"}} 1",
            2 => "\nvllm:time_to_first_token_seconds_bucket{{le=\"{0}\"}} 1\nvllm:time_to_first_token_seconds_count 1",
            _ => "\nDCGM_FI_DEV_GPU_UTIL{{UUID=\"{0}\"}} 1",
        };
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 12_000).Select(i => string.Format(CultureInfo.InvariantCulture, line, i))));
    }
}
