using Microsoft.Win32.SafeHandles;

namespace Vllm.Resources;

/// <summary>One of the kernel's files, kept open: reading it again from the start gives its present content.</summary>
sealed class LinuxFile(string path) : IDisposable
{
    const int MostBytes = 4 * 1024 * 1024;

    SafeFileHandle? _handle;
    byte[] _buffer = [];
    bool _isGone;

    /// <summary>The content; empty if the file is not there or cannot be read. Valid until the next reading.</summary>
    public ReadOnlySpan<byte> Read()
    {
        if (_isGone) return default;
        try
        {
            _handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (_buffer.Length == 0) _buffer = new byte[4096];
            var length = 0;
            while (true)
            {
                if (length == _buffer.Length)
                {
                    if (length >= MostBytes) return _buffer;
                    Array.Resize(ref _buffer, length * 2);
                }

                var read = RandomAccess.Read(_handle, _buffer.AsSpan(length), length);
                if (read == 0) return _buffer.AsSpan(0, length);
                length += read;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // What is missing once stays missing: asking again every second would only cost exceptions.
            _isGone = true;
            Dispose();
            return default;
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
