using System.Globalization;

namespace Vllm.Simulator.Wire;

/// <summary>Response heads in vLLM's order.</summary>
static class Heads
{
    public static readonly ResponseHead Stream = new(200, [new("content-type", "text/event-stream; charset=utf-8")]);

    public static ResponseHead Json(int status, int length) => Of(status, length, "application/json");

    public static ResponseHead Of(int status, int length, string? contentType, string? allow = null)
    {
        var headers = new List<KeyValuePair<string, string>>(7);
        if (allow is not null)
        {
            headers.Add(new("allow", allow));
        }

        headers.Add(new("content-length", length.ToString(CultureInfo.InvariantCulture)));
        if (contentType is not null)
        {
            headers.Add(new("content-type", contentType));
        }

        return new ResponseHead(status, headers);
    }

    /// <summary>Adds what every answer carries around its own headers.</summary>
    public static ResponseHead Complete(ResponseHead head, DateTimeOffset now, string? requestId)
    {
        var headers = new List<KeyValuePair<string, string>>(head.Headers.Count + 5)
        {
            new("date", now.ToString("R", CultureInfo.InvariantCulture)),
            new("server", "uvicorn"),
        };
        headers.AddRange(head.Headers);
        if (head.Status != 401)
        {
            headers.Add(new("vary", "Origin"));
            if (requestId is not null)
            {
                headers.Add(new("x-request-id", requestId));
            }
        }

        if (head == Stream)
        {
            headers.Add(new("transfer-encoding", "chunked"));
        }

        return new ResponseHead(head.Status, headers);
    }
}
