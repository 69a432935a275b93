using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>Serves pages by the URL without its query; what has none is refused as not found.</summary>
sealed class Pages : HttpMessageHandler
{
    readonly ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> _pages = new();

    public ConcurrentQueue<HttpRequestMessage> Requests { get; } = new();

    public Pages Set(string url, Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _pages[url] = answer;
        return this;
    }

    public Pages Text(string url, string page, HttpStatusCode status = HttpStatusCode.OK, string type = "text/plain") =>
        Set(url, _ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(page, Encoding.UTF8, type) }));

    public Pages Recorded(string url, string recording) => Set(url, _ => Task.FromResult(Recording.Load(recording).ToResponse()));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        var url = request.RequestUri!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return _pages.TryGetValue(url, out var page) ? page(cancellationToken) : Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
