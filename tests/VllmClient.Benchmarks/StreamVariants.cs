using System.Diagnostics.Metrics;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Vllm.Tests.Benchmarks;

/// <summary>What one stream told: its events, and the reads they came in.</summary>
readonly record struct StreamTally(int Events, int Reads);

/// <summary>The ways to read the same stream.</summary>
static class StreamVariants
{
    const string Body = """{"messages":[{"role":"user","content":"Tell me a story"}],"stream":true,"stream_options":{"include_usage":true}}""";

    static readonly VllmRequestOptions Discard = new() { DiscardText = true };

    /// <summary>.NET's own client and parser, without looking into the JSON.</summary>
    internal static Task<StreamTally> RawAsync(HttpClient http, Uri url) => RawAsync(http, url, static (_, data) => data.Length);

    /// <summary>The same, with one pass over each event's JSON that keeps nothing: what reading JSON costs at the very least.</summary>
    internal static Task<StreamTally> RawJsonAsync(HttpClient http, Uri url) => RawAsync(http, url, static (_, data) =>
    {
        if (data[0] != (byte)'{') return data.Length;
        var reader = new Utf8JsonReader(data);
        var tokens = 0;
        while (reader.Read()) tokens++;
        return tokens;
    });

    static async Task<StreamTally> RawAsync(HttpClient http, Uri url, SseItemParser<int> parse)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var events = 0;
        await foreach (var item in SseParser.Create(stream, parse).EnumerateAsync())
        {
            if (item.Data > 0) events++;
        }

        return new(events, 0);
    }

    internal static Task<StreamTally> ClientAsync(VllmClient client) => ReadAsync(client, null);

    internal static Task<StreamTally> DiscardAsync(VllmClient client) => ReadAsync(client, Discard);

    /// <summary>Listens to every instrument that is not .NET's own, and drops what it hears.</summary>
    internal static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (!instrument.Meter.Name.StartsWith("System.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    static async Task<StreamTally> ReadAsync(VllmClient client, VllmRequestOptions? options)
    {
        var (events, reads) = (0, 0);
        await foreach (var update in client.ChatStreamAsync(ChatEvents.Prompt, options))
        {
            events++;
            if (update.EventsInRead == 1) reads++;
        }

        return new(events, reads);
    }
}
