namespace Vllm.Wire;

/// <summary>Collects text in pooled memory; a string is made only when somebody needs it.</summary>
sealed class TextBuffer : IDisposable
{
    const int Least = 256;

    char[] _chars = [];
    int _length;

    internal bool IsEmpty => _length == 0;

    internal void Append(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        if (_chars.Length == 0) _chars = Buffers.Rent<char>(Math.Max(Least, text.Length));
        while (_chars.Length - _length < text.Length) _chars = Buffers.Grow(_chars, _length, Array.MaxLength);
        text.CopyTo(_chars.AsSpan(_length));
        _length += text.Length;
    }

    internal bool Contains(string text) => _chars.AsSpan(0, _length).Contains(text, StringComparison.Ordinal);

    public override string ToString() => new(_chars, 0, _length);

    public void Dispose()
    {
        Buffers.Return(_chars);
        _chars = [];
        _length = 0;
    }
}
