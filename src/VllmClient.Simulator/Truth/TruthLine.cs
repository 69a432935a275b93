using System.Text;
using System.Text.Json;

namespace Vllm.Simulator;

/// <summary>A request of the truth as a line of JSON; every field always present, so that lines compare byte for byte.</summary>
static class TruthLine
{
    public static string Of(SimulatedRequest request)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            Write(json, request);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    static void Write(Utf8JsonWriter json, SimulatedRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("ordinal", request.Ordinal);
        json.WriteString("requestId", request.RequestId);
        json.WriteString("path", request.Path);
        json.WriteString("model", request.Model);
        json.WriteBoolean("isStream", request.IsStream);
        json.WriteNumber("choices", request.Choices);
        Time(json, "received", request.Received);
        Time(json, "arrived", request.Arrived);
        Time(json, "queued", request.Queued);
        Time(json, "scheduled", request.Scheduled);
        Time(json, "firstToken", request.FirstToken);
        Time(json, "lastToken", request.LastToken);
        Time(json, "closed", request.Closed);
        json.WriteNumber("inputTokens", request.InputTokens);
        json.WriteNumber("cachedTokens", request.CachedTokens);
        json.WriteNumber("outputTokens", request.OutputTokens);
        json.WriteNumber("blocksPeak", request.BlocksPeak);
        json.WriteNumber("preemptions", request.Preemptions);
        json.WriteString("finishReason", request.FinishReason);
        json.WriteString("outcome", request.Outcome?.ToString());
        Optional(json, "status", request.Status);
        Times(json, "tokenTimes", request.TokenTimes);
        Times(json, "writeTimes", request.WriteTimes);
        json.WriteStartArray("chunkTokens");
        foreach (var tokens in request.ChunkTokens)
        {
            json.WriteNumberValue(tokens);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Time(Utf8JsonWriter json, string name, TimeSpan? time) => Optional(json, name, time?.Ticks);

    static void Optional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    static void Times(Utf8JsonWriter json, string name, IReadOnlyList<TimeSpan> times)
    {
        json.WriteStartArray(name);
        foreach (var time in times)
        {
            json.WriteNumberValue(time.Ticks);
        }

        json.WriteEndArray();
    }
}
