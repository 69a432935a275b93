using Vllm.Http;

namespace Vllm.Tests.Http;

/// <summary>What an attempt learns of the connections that it writes to.</summary>
public class ConnectionWatchTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_is_written_to_tells_its_attempt_alone(bool sync)
    {
        await using var connection = new WatchedStream(new Duplex(3, 0));
        var own = new ConnectionWatch();
        var other = new ConnectionWatch();

        using (own.Enter()) await WriteAsync(connection, sync);
        using (other.Enter()) ConnectionWatch.Current.ShouldBeSameAs(other);
        await WriteAsync(connection, sync);
        await ReadAsync(connection, sync);

        own.Use.ShouldBe(new ConnectionUse(WasReused: false, BytesReceived: 3));
        other.Use.ShouldBeNull();
        ConnectionWatch.Current.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_has_brought_an_answer_is_reused_and_its_bytes_count_from_the_read_at_hand(bool sync)
    {
        var inner = new Duplex(5, 2);
        await using var connection = new WatchedStream(inner);
        var watch = new ConnectionWatch();
        await ReadAsync(connection, sync);
        // HTTP reads ahead: this read has ended before the request is written, and what it brought is no answer to what went before.
        await ReadAsync(connection, sync);

        using (watch.Enter()) await WriteAsync(connection, sync);

        watch.Use.ShouldBe(new ConnectionUse(WasReused: true, BytesReceived: 2));
        inner.Written.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_waits_counts_when_it_ends()
    {
        var inner = new Duplex(5, 2) { Gate = new() };
        await using var connection = new WatchedStream(inner);
        var watch = new ConnectionWatch();
        var first = ReadAsync(connection, sync: false);
        inner.Release();
        await first;
        var ahead = ReadAsync(connection, sync: false);

        using (watch.Enter()) await WriteAsync(connection, sync: false);
        watch.Use.ShouldBe(new ConnectionUse(WasReused: true, BytesReceived: 0));
        inner.Release();
        await ahead;

        watch.Use.ShouldBe(new ConnectionUse(WasReused: true, BytesReceived: 2));
    }

    [Fact]
    public async Task Where_an_attempt_went_over_two_connections_both_must_have_been_reused_and_the_bytes_of_both_count()
    {
        await using var kept = new WatchedStream(new Duplex(5, 1));
        await using var fresh = new WatchedStream(new Duplex(0));
        var watch = new ConnectionWatch();
        await ReadAsync(kept, sync: false);

        using (watch.Enter())
        {
            var ahead = kept.ReadAsync(Memory<byte>.Empty, Token);
            await WriteAsync(kept, sync: false);
            await ahead;
            await ReadAsync(kept, sync: false);
            await WriteAsync(fresh, sync: false);
            await WriteAsync(kept, sync: false);
        }

        watch.Use.ShouldBe(new ConnectionUse(WasReused: false, BytesReceived: 1));
    }

    [Fact]
    public async Task A_fresh_connection_through_a_tunnel_that_has_brought_bytes_is_still_fresh()
    {
        await using var tunnel = new WatchedStream(new Duplex(9));
        await ReadAsync(tunnel, sync: false);
        await using var connection = new WatchedStream(tunnel);
        var watch = new ConnectionWatch();

        using (watch.Enter()) await WriteAsync(connection, sync: false);

        watch.Use!.Value.WasReused.ShouldBeFalse();
    }

    static async Task ReadAsync(WatchedStream connection, bool sync)
    {
        if (sync) _ = connection.Read(new byte[16], 0, 16);
        else _ = await connection.ReadAsync(new byte[16], Token);
    }

    static async Task WriteAsync(WatchedStream connection, bool sync)
    {
        if (sync) connection.Write([1], 0, 1);
        else await connection.WriteAsync(new byte[] { 1 }, Token);
    }

    /// <summary>A connection that brings so many bytes per read, and at once unless it has a gate.</summary>
    sealed class Duplex(params int[] reads) : Stream
    {
        readonly Queue<int> _reads = new(reads);

        internal TaskCompletionSource? Gate { get; set; }

        internal int Written { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        internal void Release()
        {
            var gate = Gate!;
            Gate = new();
            gate.SetResult();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return 0;
            if (Gate is { } gate) await gate.Task;
            return _reads.Dequeue();
        }

        public override int Read(Span<byte> buffer) => _reads.Dequeue();

        public override int Read(byte[] buffer, int offset, int count) => _reads.Dequeue();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            return default;
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Written += buffer.Length;

        public override void Write(byte[] buffer, int offset, int count) => Written += count;

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
