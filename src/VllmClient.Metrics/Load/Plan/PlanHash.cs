using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Vllm.Load;

/// <summary>The fingerprint of a plan: equal hashes run equal loads and judge them alike.</summary>
static class PlanHash
{
    /// <summary>SHA-256 of the plan's canonical JSON without its name, in lower-case hex.</summary>
    public static string Compute(LoadPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, plan);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    static void Write(Utf8JsonWriter json, LoadPlan plan)
    {
        json.WriteStartObject();
        json.WriteStartArray("phases");
        foreach (var phase in plan.Phases) WritePhase(json, phase);
        json.WriteEndArray();
        json.WriteNumber("seed", plan.Seed);
        json.WritePropertyName("warmUp");
        WritePhase(json, plan.WarmUp);
        json.WriteStartArray("objectives");
        foreach (var objective in plan.Objectives) WriteObjective(json, objective);
        json.WriteEndArray();
        json.WriteNumber("confidence", plan.Confidence);
        json.WriteNumber("maxInFlight", plan.MaxInFlight);
        json.WriteString("whenFull", plan.WhenFull.ToString());
        json.WriteString("cache", plan.Cache.ToString());
        Ticks(json, "turnTimeout", plan.TurnTimeout);
        Ticks(json, "drain", plan.Drain);
        Ticks(json, "readyTimeout", plan.ReadyTimeout);
        json.WriteEndObject();
    }

    static void WritePhase(Utf8JsonWriter json, LoadPhase? phase)
    {
        json.WriteStartObject();
        json.WriteString("name", phase?.Name);
        json.WriteString("arrivals", phase?.Arrivals.Kind.ToString());
        Ticks(json, "spread", phase?.Spread);
        switch (phase)
        {
            case UsersPhase users:
                json.WriteNumber("users", users.Count);
                Length(json, users.Requests, users.Duration);
                break;
            case RatePhase rate:
                json.WriteNumber("perSecond", rate.PerSecond);
                Length(json, rate.Requests, rate.Duration);
                break;
            case PausePhase pause:
                Ticks(json, "pause", pause.Duration);
                break;
            default:
                json.WriteBoolean("auto", phase is AutoPhase);
                break;
        }

        json.WriteEndObject();
    }

    static void WriteObjective(Utf8JsonWriter json, Objective objective)
    {
        json.WriteStartObject();
        json.WriteString("from", objective.From.ToString());
        json.WriteString("phase", objective.Phase);
        if (objective is LatencyObjective latency)
        {
            json.WriteString("figure", latency.Figure.ToString());
            json.WriteNumber("quantile", latency.Quantile);
            Ticks(json, "atMost", latency.AtMost);
        }

        if (objective is FailedShareObjective share) json.WriteNumber("failedShare", share.AtMost);
        json.WriteEndObject();
    }

    static void Length(Utf8JsonWriter json, int? requests, TimeSpan? duration)
    {
        if (requests is { } count) json.WriteNumber("requests", count);
        Ticks(json, "duration", duration);
    }

    static void Ticks(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } time) json.WriteNumber(name, time.Ticks);
        else json.WriteNull(name);
    }
}
