using System.Text;
using System.Text.RegularExpressions;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Pages;

public sealed partial class MetricsTests
{
    [Fact]
    public void The_page_has_every_recorded_series_in_order()
    {
        // The recorded server had answered chats and one call of the Responses API, which is not served here.
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);

        var page = Scrape(server, time, Chats(1));

        Series(page.Text).ShouldBe(Series(Encoding.UTF8.GetString(Recording.Load("metrics-idle").Body)));
    }

    [Fact]
    public void Times_count_from_the_receipt()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);

        var page = Scrape(server, time, Chats(40));

        var all = server.Truth.Requests;
        page.Sum("vllm:time_to_first_token_seconds_sum").ShouldBe(all.Sum(request => (request.FirstToken - request.Received)!.Value.TotalSeconds), 1e-9);
        page.Sum("vllm:e2e_request_latency_seconds_sum").ShouldBe(all.Sum(request => (request.LastToken - request.Received)!.Value.TotalSeconds), 1e-9);
        page.Sum("vllm:request_queue_time_seconds_sum").ShouldBe(all.Sum(request => (request.Scheduled - request.Queued)!.Value.TotalSeconds), 1e-9);
        page["process_cpu_seconds_total"].ShouldBe(8.78 + all.Sum(request => (request.Arrived - request.Received)!.Value.TotalSeconds), 1e-9);
    }

    [Fact]
    public void The_http_counters_tell_handlers_methods_and_kinds_of_status_apart()
    {
        var time = new VirtualTimeProvider();
        var options = new SimulatorOptions { ApiKeys = { "k" } };
        var server = new VllmSimulator(options, time);
        using var client = server.Client();

        var page = time.Run(async () =>
        {
            await Ask.GetAsync(client, "/v1/models");
            client.DefaultRequestHeaders.Authorization = new("Bearer", "k");
            foreach (var path in (string[])["/v1/models", "/health", "/nowhere", "/v1/completions", "/version", "/dcgm/metrics", "/metrics"])
            {
                await Ask.GetAsync(client, path);
            }

            await Ask.PostAsync(client, "/v1/completions", """{"prompt":""}""");
            var answer = await Ask.PostAsync(client, "/v1/completions", """{"prompt":"Hello","max_tokens":2}""", time);
            await Ask.PostAsync(client, "/v1/completions", """{"prompt":"Hello","max_tokens":2,"stream":true}""", time);
            return (new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body), answer.Body.Length);
        });

        var counted = page.Item1.Text.Split('\n').Where(line => line.StartsWith("http_requests_total{", StringComparison.Ordinal));
        counted.ShouldBe(
        [
            "http_requests_total{handler=\"/v1/models\",method=\"GET\",status=\"2xx\"} 1.0",
            "http_requests_total{handler=\"none\",method=\"GET\",status=\"4xx\"} 1.0",
            "http_requests_total{handler=\"/v1/completions\",method=\"GET\",status=\"4xx\"} 1.0",
            "http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"4xx\"} 1.0",
            "http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"2xx\"} 2.0",
        ]);
        page.Item1["http_request_size_bytes_sum{handler=\"/v1/completions\"}"].ShouldBe(13 + 33 + 47);

        // A stream tells no length; the refusals' lengths are those of their recorded texts.
        page.Item1["http_response_size_bytes_sum{handler=\"/v1/completions\"}"].ShouldBeGreaterThan(page.Length);
        page.Item1["http_response_size_bytes_count{handler=\"/v1/completions\"}"].ShouldBe(4);
    }

    [Fact]
    public void The_configuration_of_the_cache_is_told()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { Blocks = 600, BlockSize = 32, PrefixCache = false }, time);

        var line = Scrape(server, time, []).Text.Split('\n').Single(line => line.StartsWith("vllm:cache_config_info{", StringComparison.Ordinal));

        foreach (var label in (string[])["block_size=\"32\"", "num_gpu_blocks=\"600\"", "enable_prefix_caching=\"False\"", "kv_cache_size_tokens=\"19200\"", "kv_cache_memory_bytes=\"2516582400\"", "kv_cache_max_concurrency=\"2.34375\""])
        {
            line.ShouldContain(label);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fixed_schedules_run_and_finish_and_hold_no_memory(bool isInstant)
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(isInstant ? SimulatorOptions.Instant : SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)), time);
        using var client = server.Client();

        var (busy, page) = time.Run(async () =>
        {
            var left = client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(200)), HttpCompletionOption.ResponseHeadersRead);
            var calls = Enumerable.Range(0, 3).Select(_ => Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(8, more: ",\"n\":2"), time)).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(60), time);
            var busy = new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body);
            (await left).Dispose();
            await Task.WhenAll(calls);
            return (busy, new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body));
        });

        busy.Sum("vllm:num_requests_running").ShouldBe(isInstant ? 1 : 7);
        busy.Sum("vllm:kv_cache_usage_perc").ShouldBe(0);
        page.Sum("vllm:num_requests_running").ShouldBe(0);
        page.Of("vllm:request_success_total", "finished_reason", "length").ShouldBe(6);
        page.Sum("vllm:request_success_total").ShouldBe(6);
        page.Sum("vllm:prefix_cache_queries_total").ShouldBe(0);
        var generated = server.Truth.Requests.Sum(request => request.OutputTokens);
        page.Sum("vllm:generation_tokens_total").ShouldBe(generated);
        page.Sum("vllm:inter_token_latency_seconds_count").ShouldBe(generated - page.Sum("vllm:time_to_first_token_seconds_count"));
    }

    [Fact]
    public void Several_tokens_of_one_step_are_one_gap()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { TokensPerStep = 3 }, time);

        // One token with the prompt, then 3, 3 and 3.
        var page = Scrape(server, time, [("/v1/chat/completions", Ask.Chat(10))]);

        page.Sum("vllm:inter_token_latency_seconds_count").ShouldBe(3);
        page.Sum("vllm:generation_tokens_total").ShouldBe(10);
    }

    [Fact]
    public void A_found_prefix_is_told_in_usage_and_truth_and_ends_with_a_reset()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { PromptTokenDetails = true }, time);
        using var client = server.Client();
        var prompt = string.Concat(Enumerable.Repeat(" people", 100));
        string Asked(string more = "") => time.Run(() => Ask.PostAsync(client, "/v1/chat/completions", $$"""{"messages":[{"role":"user","content":"{{prompt}}"}],"max_tokens":2{{more}}}""", time)).Body;

        var cold = Asked();
        var tokens = server.Truth.Requests[0].InputTokens;
        var full = tokens / 16 * 16;
        cold.ShouldContain($"\"cached_tokens\":0,\"created_cache_tokens\":{full}");
        Asked().ShouldContain($"\"cached_tokens\":{(tokens - 1) / 16 * 16},\"created_cache_tokens\":{full - ((tokens - 1) / 16 * 16)}");
        Asked(",\"cache_salt\":\"mine\"").ShouldContain("\"cached_tokens\":0,");
        Asked(",\"cache_salt\":\"mine\"").ShouldNotContain("\"cached_tokens\":0,");
        server.ResetPrefixCache();
        Asked(",\"n\":2").ShouldContain("\"cached_tokens\":0,");
        Asked(",\"n\":2").ShouldContain($"\"cached_tokens\":{(tokens - 1) / 16 * 16},");

        server.Truth.Requests.Select(request => request.CachedTokens / ((tokens - 1) / 16 * 16)).ShouldBe([0, 1, 0, 1, 0, 2]);
        var line = new StringWriter();
        server.Truth.WriteJsonl(line);
        line.ToString().Split('\n')[1].ShouldContain($"\"inputTokens\":{tokens},\"cachedTokens\":{(tokens - 1) / 16 * 16},\"outputTokens\":2,\"blocksPeak\":{(tokens + 1 + 15) / 16},\"preemptions\":0,");
    }

    static IEnumerable<(string Path, string Body)> Chats(int count) => Enumerable.Repeat(("/v1/chat/completions", Ask.Chat(3)), count);

    static MetricsPage Scrape(VllmSimulator server, VirtualTimeProvider time, IEnumerable<(string Path, string Body)> calls)
    {
        using var client = server.Client();
        return time.Run(async () =>
        {
            await Task.WhenAll(calls.Select(call => Ask.PostAsync(client, call.Path, call.Body, time)));
            return new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body);
        });
    }

    /// <summary>Names and labels in order, comments included, without values.</summary>
    static IReadOnlyList<string> Series(string page) =>
    [
        .. page.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("handler=\"/v1/responses\"", StringComparison.Ordinal))
            .Select(line => line[0] == '#' ? line : line[..line.LastIndexOf(' ')])
            .Select(line => ModelName().Replace(line, "$1"))
            .Select(line => line.StartsWith("vllm:cache_config_info", StringComparison.Ordinal) ? LabelValue().Replace(line, "=*") : line),
    ];

    [GeneratedRegex("(model_name=)\"[^\"]*\"")]
    private static partial Regex ModelName();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex LabelValue();
}
