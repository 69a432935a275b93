using System.Globalization;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Takes requests from both transports: checks, routes, and hands generation to the driver.</summary>
sealed class Pipeline(EngineDriver driver, SimulatorTruth truth, TimeProvider time) : IRequestPipeline, IExchangeOwner
{
    const int MaxOpen = 16_384;

    long _ordinal;

    /// <summary>The server was stopped: nothing listens.</summary>
    public bool IsStopped { get; set; }

    public Exchange Begin(IncomingRequest request)
    {
        var exchange = new Exchange(this, request.IsFramed, driver.WakesInline);
        List<Call> touched;
        lock (driver.Gate)
        {
            if (IsStopped)
            {
                exchange.Cut();
                return exchange;
            }

            if (Routes.IsGeneration(request.Path) && request.Method == "POST")
            {
                Generate(exchange, request);
            }
            else
            {
                var reply = new Routes(driver, time).Answer(request, NextOrdinal());
                Reply(exchange, reply);
                Count(request, reply);
            }

            touched = driver.Calls.TakeTouched();
        }

        driver.Calls.Wake(touched);
        return exchange;
    }

    public void Left(Exchange exchange)
    {
        if (exchange.State is not Call call)
        {
            return;
        }

        List<Call> touched;
        lock (driver.Gate)
        {
            driver.Leave(call);
            touched = driver.Calls.TakeTouched();
        }

        driver.Calls.Wake(touched);
    }

    public void Pull(Exchange exchange)
    {
        lock (driver.Gate)
        {
            if (exchange.State is Call call)
            {
                driver.Pull(call);

                // The reader is here and takes what was written as soon as this returns.
                driver.Calls.TakeTouched();
            }
        }
    }

    public void Taken(Exchange exchange, int events)
    {
        if (exchange.State is not Call call)
        {
            return;
        }

        lock (driver.Gate)
        {
            var now = driver.Now;
            for (var i = 0; i < events; i++)
            {
                call.Truth.AddWrite(now);
            }
        }
    }

    void Generate(Exchange exchange, IncomingRequest incoming)
    {
        var ordinal = NextOrdinal();
        var received = driver.Now;
        var isChat = incoming.Path.Contains("/chat/", StringComparison.Ordinal);
        var options = driver.Options;
        var request = Guard(incoming, options, isChat, out var error);
        var id = request?.RequestId is { Length: > 0 } own ? own : incoming.RequestId is { Length: > 0 } sent ? sent : null;
        var made = Mix.Of(options.Seed, (ulong)ordinal);
        var record = new SimulatedRequest(id ?? made.ToString("x16", CultureInfo.InvariantCulture), incoming.Path)
        {
            Ordinal = ordinal,
            Received = received,
            Model = request?.Model,
            IsStream = request?.IsStream ?? false,
            Choices = request is null ? 1 : request.Choices * request.Prompts.Count,
        };
        truth.Add(record);
        var header = HeaderId(incoming, options, ordinal);
        if (request is null)
        {
            record.Outcome = RequestOutcome.Refused;
            record.Closed = received;
            record.Status = error!.Status;
            var refusal = Routes.Refusal(error, header);
            Reply(exchange, refusal);
            Count(incoming, refusal);
            return;
        }

        var settings = new CallSettings
        {
            Id = (isChat ? "chatcmpl-" : "cmpl-") + record.RequestId,
            Created = time.GetUtcNow().ToUnixTimeSeconds(),
            Answer = new AnswerSettings(options.Model, options.PromptTokenDetails, options.ForceUsage),
            Options = options,
            Request = request,
            Tokens = Steered(incoming.Steering, out _),
        };
        var call = new Call(driver, exchange, request, record, settings) { HeaderId = header, RequestBytes = incoming.Body.Length };
        exchange.State = call;
        driver.Begin(call);
    }

    GenerationRequest? Guard(IncomingRequest incoming, SimulatorOptions options, bool isChat, out ApiError? error)
    {
        if (!Routes.IsAuthorized(incoming, options))
        {
            error = ApiError.Key;
            return null;
        }

        if (incoming.ContentType is not { } type || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            error = ApiError.MediaType;
            return null;
        }

        if (driver.Counters.OpenRequests >= MaxOpen)
        {
            error = ApiError.Limit("16,384 open requests.") with { Status = 503, Type = "Service Unavailable" };
            return null;
        }

        if (RequestReader.Read(isChat, incoming.Body, options.Model, out error) is not { } request)
        {
            return null;
        }

        _ = Steered(incoming.Steering, out error);
        error ??= Limits.Check(request, options);
        return error is null ? request : null;
    }

    void Reply(Exchange exchange, Reply reply)
    {
        exchange.SetHead(Heads.Complete(reply.Head, time.GetUtcNow(), reply.RequestId));
        exchange.WriteBody(reply.Body.Span);
        exchange.End(isStream: false);
    }

    void Count(IncomingRequest request, in Reply reply)
    {
        if (Routes.Handler(request.Path) is { } handler && reply.Head.Status != 401)
        {
            var answer = new HttpAnswer(handler, request.Method, reply.Head.Status, request.Body.Length, reply.Body.Length);
            driver.Counters.Http.Add(answer, 0, time.GetUtcNow());
        }
    }

    long NextOrdinal() => _ordinal++;

    public static string HeaderId(IncomingRequest incoming, SimulatorOptions options, long ordinal) =>
        incoming.RequestId is { Length: > 0 } sent
            ? sent
            : Mix.Of(options.Seed, (ulong)ordinal, 1).ToString("x16", CultureInfo.InvariantCulture)
                + Mix.Of(options.Seed, (ulong)ordinal, 2).ToString("x16", CultureInfo.InvariantCulture);

    static int? Steered(string? steering, out ApiError? error)
    {
        error = null;
        int? tokens = null;
        foreach (var part in (steering ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("tokens=", StringComparison.Ordinal)
                && int.TryParse(part.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
                && wanted > 0)
            {
                tokens ??= wanted;
            }
            else
            {
                error = ApiError.Steering(part);
            }
        }

        return tokens;
    }
}
