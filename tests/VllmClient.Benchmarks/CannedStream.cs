using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Vllm.Tests.Benchmarks;

/// <summary>Answers every request with the same chat stream from memory, in reads of a fixed size.</summary>
sealed class CannedStream(int chunks, int bytesPerRead) : HttpMessageHandler
{
    readonly byte[] _body = Body(chunks);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Reads(_body, bytesPerRead)) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return Task.FromResult(response);
    }

    static byte[] Body(int chunks)
    {
        const string Chunk = """
            data: {"id":"chatcmpl-ade1af7b915c1f97","object":"chat.completion.chunk","created":1795492926,"model":"tiny","choices":[{"index":0,"delta":{"content":" therefore"},"logprobs":null,"finish_reason":null,"token_ids":null}]}


            """;
        var text = new StringBuilder();
        for (var i = 0; i < chunks; i++) text.Append(Chunk);
        return Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());
    }

    sealed class Reads(byte[] body, int size) : Stream
    {
        int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Take(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        int Take(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(size, buffer.Length), body.Length - _at);
            body.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
