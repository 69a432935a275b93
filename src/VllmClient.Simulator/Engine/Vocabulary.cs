using System.Runtime.CompilerServices;
using System.Text;

namespace Vllm.Simulator.Engine;

/// <summary>The 32,000 tokens: bytes, words, Chinese characters, JSON pieces, made-up words, and the special tokens last.</summary>
static class Vocabulary
{
    public const int Size = 32_000;

    public const int Bytes = 256;

    /// <summary>The first English word; each has a leading blank.</summary>
    public const int FirstEnglish = Bytes;

    public const int EnglishWords = 1500;

    public const int FirstChinese = FirstEnglish + EnglishWords;

    public const int ChineseCharacters = 300;

    public const int MessageStart = Size - 6;

    /// <summary>The end token.</summary>
    public const int MessageEnd = Size - 5;

    static readonly string[] Specials = ["<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>"];

    static readonly string[] Pieces =
    [
        "{\"", "\":", "\":\"", "\",\"", "\"}", "\"]", "[\"", "},{\"", "}]", "null", "true", "false", "\n\n", "  ", "    ", ", ", ". ", ": ",
        "```", "http", "://", ".com", "()", "();", "=>", "==", "!=", "<=", ">=", "&&", "||", "//", "/*", "*/",
    ];

    static readonly byte[][] Texts = Build();

    static readonly byte[][] EscapedTexts = Escape();

    static readonly TokenTrie Trie = new(Texts);

    /// <summary>Builds the tables, unless they are there.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(Vocabulary).TypeHandle);

    /// <summary>The token's UTF-8.</summary>
    public static ReadOnlySpan<byte> Text(int token) => Texts[token];

    /// <summary>The token's UTF-8 as it stands inside a JSON string; a lone byte of a longer character is U+FFFD.</summary>
    public static ReadOnlySpan<byte> Escaped(int token) => EscapedTexts[token];

    /// <summary>Greedy longest match.</summary>
    public static void Tokenize(ReadOnlySpan<byte> utf8, List<int> tokens)
    {
        while (!utf8.IsEmpty)
        {
            var token = Trie.Longest(utf8, out var length);
            tokens.Add(token);
            utf8 = utf8[length..];
        }
    }

    public static List<int> Tokenize(string text)
    {
        var tokens = new List<int>();
        Tokenize(Encoding.UTF8.GetBytes(text), tokens);
        return tokens;
    }

    public static string Detokenize(IReadOnlyList<int> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 6);
        for (var i = 0; i < tokens.Count; i++)
        {
            bytes.AddRange(Texts[tokens[i]]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    static byte[][] Build()
    {
        var texts = new List<byte[]>(Size);
        for (var i = 0; i < Bytes; i++)
        {
            texts.Add([(byte)i]);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        void Add(string text)
        {
            if (seen.Add(text))
            {
                texts.Add(Encoding.UTF8.GetBytes(text));
            }
        }

        foreach (var word in WordList.English.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            Add(' ' + word);
        }

        foreach (var character in WordList.Chinese)
        {
            Add(character.ToString());
        }

        foreach (var piece in Pieces)
        {
            Add(piece);
        }

        for (var i = 0; texts.Count < Size - Specials.Length; i++)
        {
            Add(MadeUp(i));
        }

        foreach (var special in Specials)
        {
            Add(special);
        }

        return [.. texts];
    }

    /// <summary>Two syllables for the first 7,225 words, three after them, no leading blank for every fourth.</summary>
    static string MadeUp(int index)
    {
        const string consonants = "bcdfghjklmnprstvz";
        const string vowels = "aeiou";
        const int syllables = 85;
        var word = new StringBuilder(index % 4 == 3 ? string.Empty : " ");
        var rest = index;
        for (var i = index < syllables * syllables ? 2 : 3; i > 0; i--)
        {
            var syllable = rest % syllables;
            rest /= syllables;
            word.Append(consonants[syllable / vowels.Length]).Append(vowels[syllable % vowels.Length]);
        }

        return word.ToString();
    }

    static byte[][] Escape()
    {
        var escaped = new byte[Size][];
        var buffer = new ByteBuffer();
        for (var i = 0; i < Size; i++)
        {
            buffer.Clear();
            buffer.AppendEscaped(i is >= 0x80 and < Bytes ? "\uFFFD"u8 : Texts[i]);
            escaped[i] = buffer.Written.ToArray();
        }

        return escaped;
    }
}
