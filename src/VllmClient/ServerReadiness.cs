using Vllm.Http;
using Vllm.Wire;

namespace Vllm;

/// <summary>Finds out whether a server is there and answers, with what it offers: a health route, a list of models, or else nothing but answers.</summary>
sealed class ServerReadiness(Transport transport, VllmRequestOptions? options)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    internal async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await HasHealthAsync(cancellationToken).ConfigureAwait(false)) await ModelsAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (VllmException error) when (IsNotThere(error))
        {
            return false;
        }
    }

    internal async Task<ModelInfo> WaitAsync(TimeSpan timeout, string? model, CancellationToken cancellationToken)
    {
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait must be positive.");
        var clock = transport.Clock;
        var started = clock.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            VllmException last;
            try
            {
                return await TryAsync(model, cancellationToken).ConfigureAwait(false);
            }
            catch (VllmException error) when (IsNotThere(error))
            {
                last = error;
            }

            var elapsed = clock.GetElapsedTime(started);
            if (timeout != Timeout.InfiniteTimeSpan && elapsed + pause >= timeout) throw NotReady(timeout, elapsed, last);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    async Task<ModelInfo> TryAsync(string? model, CancellationToken cancellationToken)
    {
        await HasHealthAsync(cancellationToken).ConfigureAwait(false);
        var wanted = model ?? transport.Options.DefaultModel;
        IReadOnlyList<ModelInfo> models;
        try
        {
            models = await ModelsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (IsMissing(error))
        {
            return await AnswersAsync(wanted, cancellationToken).ConfigureAwait(false);
        }

        var found = wanted is null ? (models.Count > 0 ? models[0] : null) : models.FirstOrDefault(one => one.Id == wanted);
        if (found is null) throw Unknown(wanted, models);
        try
        {
            await CompleteAsync(found.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (error.IsUnsupported || error.StatusCode == 400)
        {
            // The server is there and understands; it only generates nothing, as one with a pooling model.
        }

        return found;
    }

    // Gateways and other engines have no such route, which says nothing about their health.
    async Task<bool> HasHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(HttpMethod.Get, "health", null, PlainCall.Text, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (VllmApiException error) when (IsMissing(error))
        {
            return false;
        }
    }

    Task<IReadOnlyList<ModelInfo>> ModelsAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "v1/models", null, ServerReader.Models, cancellationToken);

    // Without a list of models only an answer shows that the server is ready: a refusal may come from whatever else listens there.
    async Task<ModelInfo> AnswersAsync(string? model, CancellationToken cancellationToken)
    {
        string? answering;
        try
        {
            answering = await CompleteAsync(model, cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException refused) when (IsMissing(refused) || refused.StatusCode is 400 or 422)
        {
            try
            {
                answering = await ChatAsync(model, cancellationToken).ConfigureAwait(false);
            }
            catch (VllmApiException error) when (IsMissing(error) && !IsMissing(refused))
            {
                throw refused;
            }
        }

        return new() { Id = model ?? answering ?? "" };
    }

    // The least that shows that the engine answers.
    Task<string?> CompleteAsync(string? model, CancellationToken cancellationToken) =>
        InferAsync("v1/completions", new CompletionRequest { Model = model, Prompt = "Hi", MaxTokens = 1 }, cancellationToken);

    Task<string?> ChatAsync(string? model, CancellationToken cancellationToken) =>
        InferAsync("v1/chat/completions", new ChatRequest { Model = model, Messages = ["Hi"], MaxTokens = 1 }, cancellationToken);

    Task<string?> InferAsync(string path, GenerationRequest request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, RequestWriter.Write(request, stream: false, transport.Defaults), ServerReader.AnsweringModel, cancellationToken);

    // Asked once: who asks decides whether to ask again.
    Task<T> SendAsync<T>(HttpMethod method, string path, byte[]? body, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, new(transport.Options, options) { MaxRetries = 0 }, method, path, body, read, cancellationToken);

    // The route is not served, whatever the words: an unknown model has the same status, and its own type.
    static bool IsMissing(VllmApiException error) => error.StatusCode is 404 or 405 or 501 && !error.IsModelNotFound;

    static bool IsNotThere(VllmException error) => error is VllmApiException { StatusCode: 502 or 503 or 504 } or VllmConnectionException or VllmTimeoutException;

    VllmTimeoutException NotReady(TimeSpan timeout, TimeSpan elapsed, VllmException last) => new(
        FormattableString.Invariant($"{transport.Root}: not ready within {timeout.TotalSeconds:0.###} s. The last attempt: {last.Message}"),
        VllmTimeoutKind.Total, timeout, elapsed, last)
    {
        Endpoint = last.Endpoint,
        RequestId = last.RequestId,
    };

    VllmApiException Unknown(string? wanted, IReadOnlyList<ModelInfo> models) => new(
        wanted is null
            ? $"{transport.Root} serves no model."
            : $"{transport.Root} does not serve the model '{wanted}'. It serves: {string.Join(", ", models.Select(one => one.Id))}.",
        404)
    {
        ErrorType = ErrorType.NotFound,
        Param = "model",
        Endpoint = transport.Root,
    };
}
