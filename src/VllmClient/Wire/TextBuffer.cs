using System.Buffers;

namespace Vllm.Wire;

/// <summary>Collects text in pooled memory; a string is made only when somebody needs it.</summary>
sealed class TextBuffer : IDisposable
{
    char[] _chars = [];
    int _length;

    internal bool IsEmpty => _length == 0;

    internal void Append(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        if (_chars.Length - _length < text.Length) Grow(_length + text.Length);
        text.CopyTo(_chars.AsSpan(_length));
        _length += text.Length;
    }

    internal bool Contains(string text) => _chars.AsSpan(0, _length).Contains(text, StringComparison.Ordinal);

    public override string ToString() => new(_chars, 0, _length);

    public void Dispose()
    {
        if (_chars.Length > 0) ArrayPool<char>.Shared.Return(_chars);
        _chars = [];
        _length = 0;
    }

    void Grow(int needed)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(needed, Math.Max(256, _chars.Length * 2)));
        _chars.AsSpan(0, _length).CopyTo(larger);
        if (_chars.Length > 0) ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }
}
