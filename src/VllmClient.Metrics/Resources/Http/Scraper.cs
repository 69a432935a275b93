using System.Buffers;
using System.Net;

namespace Vllm.Resources;

/// <summary>Fetches one page. What goes wrong is told without headers, query or body.</summary>
sealed class Scraper(PageHttp http, Uri url, IEnumerable<KeyValuePair<string, string>> headers, TimeProvider clock, Func<CancellationToken, ValueTask<string?>>? key = null)
{
    public const int MostBytes = 16 * 1024 * 1024;

    readonly KeyValuePair<string, string>[] _headers = [.. headers];

    /// <summary>The page's address, as it may be shown.</summary>
    public string Where { get; } = ServerUrl.Shown(url);

    /// <summary>What is asked, likewise.</summary>
    public string Shown { get; } = $"GET {ServerUrl.Shown(url)}";

    /// <summary>Fetches the page, whatever its status. The result must be disposed.</summary>
    /// <exception cref="SourceFailure">There is no answer, or none that can be a page.</exception>
    public async Task<Page> GetAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "text/plain;version=0.0.4, text/plain;q=0.9, */*;q=0.1");
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        if (await KeyAsync(cancellationToken).ConfigureAwait(false) is { } given) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {given}");
        var started = clock.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return new(response.StatusCode, [], 0, Middle(started));
            var kind = response.Content.Headers.ContentType?.MediaType;
            if (kind is "text/html") throw new SourceFailure($"{Shown}: an HTML page, where metrics were expected; is the URL right?");
            if (response.Content.Headers.NonValidated.Contains("Content-Encoding")) throw new SourceFailure($"{Shown}: compressed, which was not asked for");
            return await ReadAsync(response, started, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new SourceFailure($"{Shown}: {Cause(error)}", error);
        }
    }

    /// <summary>Fetches the page, which must be there.</summary>
    /// <exception cref="SourceFailure">There is no answer, or not the page.</exception>
    public async Task<Page> GetPageAsync(CancellationToken cancellationToken)
    {
        var page = await GetAsync(cancellationToken).ConfigureAwait(false);
        if (page.Status == HttpStatusCode.OK) return page;
        page.Dispose();
        throw Refused(page.Status);
    }

    public SourceFailure Refused(HttpStatusCode status) => new(FormattableString.Invariant($"{Shown}: status {(int)status}"));

    async ValueTask<string?> KeyAsync(CancellationToken cancellationToken)
    {
        if (key is null) return null;
        try
        {
            return await key(cancellationToken).ConfigureAwait(false) is { } given && !string.IsNullOrWhiteSpace(given) ? given.Trim() : null;
        }
#pragma warning disable CA1031 // The application's own code, whose words may hold the key.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            throw new SourceFailure($"{Shown}: the provider of the key failed ({error.GetType().Name})", error);
        }
    }

    async Task<Page> ReadAsync(HttpResponseMessage response, long started, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MostBytes) throw TooBig();
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length) buffer = Grown(buffer, length);
                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0) break;
                length += read;
                if (length > MostBytes) throw TooBig();
            }

            var page = new Page(HttpStatusCode.OK, buffer, length, Middle(started));
            buffer = [];
            return page;
        }
        finally
        {
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] Grown(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    SourceFailure TooBig() => new($"{Shown}: larger than 16 MiB");

    // The figures were true somewhere between asking and having the answer.
    long Middle(long started) => started + ((clock.GetTimestamp() - started) / 2);

    // A broken connection's own words are enough; the message of what wraps it can hold the URL.
    static string Cause(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => $"{http.HttpRequestError}{(http.InnerException is System.Net.Sockets.SocketException socket ? $" ({socket.SocketErrorCode})" : "")}",
        _ => error.GetType().Name,
    };
}
