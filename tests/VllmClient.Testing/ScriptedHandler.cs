using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Vllm.Testing;

/// <summary>An HTTP handler in memory: answer i goes to request i, the last one to all that follow.</summary>
public sealed class ScriptedHandler : HttpMessageHandler
{
    readonly List<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _answers = [];
    readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    int _next;

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public ReceivedRequest Request => _requests.Single();

    /// <summary>Answers by what is asked.</summary>
    public ScriptedHandler Answers(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Add(answer);
        return this;
    }

    public ScriptedHandler Answers(Func<CancellationToken, Task<HttpResponseMessage>> answer) => Answers((_, token) => answer(token));

    public ScriptedHandler Answers(Func<HttpResponseMessage> answer) => Answers(_ => Task.FromResult(answer()));

    public ScriptedHandler Answers(Recording recording) => Answers(recording.ToResponse);

    public ScriptedHandler Answers(HttpStatusCode status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) => Answers(() =>
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType.Length > 0) response.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    });

    /// <summary>Answers with an event stream; the function makes a fresh body for each request.</summary>
    public ScriptedHandler Streams(Func<Stream> body) => Answers(() =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body()) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "text/event-stream; charset=utf-8");
        return response;
    });

    public ScriptedHandler Streams(params BodyStep[] steps) => Streams(() => new TrickleStream(steps));

    public ScriptedHandler Fails(Func<Exception> failure) => Answers(_ => Task.FromException<HttpResponseMessage>(failure()));

    /// <summary>Never answers; only cancellation ends the call.</summary>
    public ScriptedHandler Hangs(Action? first = null) => Answers(async token =>
    {
        first?.Invoke();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException("An endless wait ended.");
    });

    /// <summary>A client over this handler.</summary>
    public VllmClient Client(Action<VllmClientOptions>? configure = null, VllmClientServices? services = null)
    {
        var options = new VllmClientOptions { BaseUrl = new("http://gpu:8000") };
        configure?.Invoke(options);
        return new(new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, options, services);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content is null ? [] : request.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        if (request.Content?.Headers.ContentLength is { } length) headers["Content-Length"] = length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _requests.Enqueue(new(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body, 0));
        if (_answers.Count == 0) throw new InvalidOperationException("The handler has no script.");
        var answer = _answers[Math.Min(Interlocked.Increment(ref _next) - 1, _answers.Count - 1)];
        var response = await answer(request, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
