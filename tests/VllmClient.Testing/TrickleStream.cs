namespace Vllm.Testing;

/// <summary>A response body that gives one scripted piece per read, and can act, fail or hang between pieces.</summary>
public sealed class TrickleStream : Stream
{
    readonly Queue<BodyStep> _steps;
    ReadOnlyMemory<byte> _rest;

    public TrickleStream(params IEnumerable<BodyStep> steps) => _steps = new(steps);

    public int Reads { get; private set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>A stream that splits its bytes at the given places.</summary>
    public static TrickleStream SplitAt(ReadOnlyMemory<byte> bytes, params IEnumerable<int> cuts)
    {
        var steps = new List<BodyStep>();
        var start = 0;
        foreach (var cut in cuts.Append(bytes.Length).Where(cut => cut > 0).Distinct().Order())
        {
            steps.Add(bytes[start..cut]);
            start = cut;
        }

        return new(steps);
    }

    /// <summary>A stream that gives one byte per read.</summary>
    public static TrickleStream ByteByByte(ReadOnlyMemory<byte> bytes) => SplitAt(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reads++;
        while (_rest.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_steps.TryDequeue(out var step)) return 0;
            step.Action?.Invoke();
            if (step.Wait is not null) await step.Wait(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            _rest = step.Bytes;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The client reads asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
