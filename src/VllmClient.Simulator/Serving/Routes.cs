using System.Text.Json;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>A whole answer that needs no engine.</summary>
readonly record struct Reply(ResponseHead Head, ReadOnlyMemory<byte> Body, string? RequestId);

/// <summary>The paths served besides generation, and what is wrong with a request that fits none.</summary>
sealed class Routes(EngineDriver driver, TimeProvider time)
{
    public static bool IsGeneration(string path) => path is "/v1/chat/completions" or "/v1/completions";

    public static bool IsAuthorized(IncomingRequest request, SimulatorOptions options)
    {
        if (options.ApiKeys.Count == 0 || !request.Path.StartsWith("/v1", StringComparison.Ordinal))
        {
            return true;
        }

        const string scheme = "Bearer ";
        return request.Authorization is { } value
            && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && options.ApiKeys.Contains(value[scheme.Length..].Trim());
    }

    /// <summary>The handler that the HTTP counters count a path under; null: not counted. A missing key is refused before they see it.</summary>
    public static string? Handler(string path) => path switch
    {
        "/metrics" or "/dcgm/metrics" or "/health" or "/ping" or "/load" or "/version" => null,
        _ => Methods(path) is null ? "none" : path,
    };

    public static Reply Refusal(ApiError error, string? requestId)
    {
        var body = (error.Status == 401 ? ApiError.Unauthorized : error.ToJson()).ToArray();
        return new Reply(Heads.Json(error.Status, body.Length), body, requestId);
    }

    public Reply Answer(IncomingRequest request, long ordinal)
    {
        var options = driver.Options;
        var id = options.RequestIdHeaders ? Pipeline.HeaderId(request, options, ordinal) : null;
        if (Methods(request.Path) is not { } allowed)
        {
            return Plain(404, ApiError.NotFound, id);
        }

        if (!allowed.Contains(request.Method, StringComparison.Ordinal))
        {
            var body = ApiError.MethodNotAllowed.ToArray();
            return new Reply(Heads.Of(405, body.Length, "application/json", allowed), body, id);
        }

        if (!IsAuthorized(request, options))
        {
            return Refusal(ApiError.Key, id);
        }

        return request.Path switch
        {
            "/health" or "/ping" => new Reply(Heads.Of(200, 0, null), default, id),
            "/version" => Plain(200, """{"version":"0.32.0"}"""u8, id),
            "/load" => Plain(200, Load(), id),
            "/metrics" => Metrics(id),
            "/dcgm/metrics" => Gpu(),
            "/v1/models" => Plain(200, Models(ordinal), id),
            "/tokenize" => Tokens(request, id, TokenRoutes.Tokenize),
            _ => Tokens(request, id, TokenRoutes.Detokenize),
        };
    }

    static string? Methods(string path) => path switch
    {
        "/v1/chat/completions" or "/v1/completions" or "/tokenize" or "/detokenize" => "POST",
        "/ping" => "GET, POST",
        "/health" or "/version" or "/load" or "/metrics" or "/dcgm/metrics" or "/v1/models" => "GET",
        _ => null,
    };

    static Reply Plain(int status, ReadOnlySpan<byte> body, string? id) => new(Heads.Json(status, body.Length), body.ToArray(), id);

    Reply Tokens(IncomingRequest request, string? id, Func<JsonElement, SimulatorOptions, byte[]> answer)
    {
        if (request.ContentType is not { } type || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return Refusal(ApiError.MediaType, id);
        }

        if (RequestReader.Parse(request.Body, out var error) is not { } document)
        {
            return Refusal(error!, id);
        }

        using (document)
        {
            return RequestReader.Try(() => answer(document.RootElement, driver.Options), out error) is { } body
                ? Plain(200, body, id)
                : Refusal(error!, id);
        }
    }

    ReadOnlySpan<byte> Load() => new ByteBuffer()
        .Append("{\"server_load\":"u8).Append(driver.Options.LoadTracking ? driver.Counters.OpenRequests : 0).Append("}"u8).Written;

    Reply Metrics(string? id)
    {
        var body = MetricsPage.Render(driver.Counters, driver.Options, time.GetUtcNow() - driver.Now);
        return new Reply(Heads.Of(200, body.Length, "text/plain; version=1.0.0; charset=utf-8"), body, id);
    }

    Reply Gpu()
    {
        var body = GpuPage.Render(driver.ReadGpu(), driver.Options);
        return new Reply(Heads.Of(200, body.Length, "text/plain; charset=utf-8"), body, null);
    }

    ReadOnlySpan<byte> Models(long ordinal)
    {
        var options = driver.Options;
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        return new ByteBuffer(512)
            .Append("{\"object\":\"list\",\"data\":[{\"id\":"u8).AppendString(options.Model)
            .Append(",\"object\":\"model\",\"created\":"u8).Append(created)
            .Append(",\"owned_by\":\"vllm\",\"root\":"u8).AppendString(options.Model)
            .Append(",\"parent\":null,\"max_model_len\":"u8).Append(options.MaxModelLen)
            .Append(",\"permission\":[{\"id\":\"modelperm-"u8).Append(Mix.Of(options.Seed, (ulong)ordinal).ToString("x16", null))
            .Append("\",\"object\":\"model_permission\",\"created\":"u8).Append(created)
            .Append(",\"allow_create_engine\":false,\"allow_sampling\":true,\"allow_logprobs\":true,\"allow_search_indices\":false"u8)
            .Append(",\"allow_view\":true,\"allow_fine_tuning\":false,\"organization\":\"*\",\"group\":null,\"is_blocking\":false}]}]}"u8)
            .Written;
    }
}
