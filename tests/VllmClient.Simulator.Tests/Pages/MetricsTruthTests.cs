using Vllm.Simulator;

namespace Vllm.Tests.Pages;

/// <summary>The figures of a busy server, each against the log of the truth.</summary>
public sealed class MetricsTruthTests
{
    [Fact]
    public void The_figures_are_those_of_the_truth_with_streams_and_clients_that_leave_and_a_memory_too_small()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { MaxModelLen = 400, Blocks = 60 }, time);
        using var client = server.Client();

        var (busy, page) = time.Run(async () =>
        {
            var calls = Enumerable.Range(0, 120).Select(i => AskAsync(client, time, i)).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(400), time);
            var busy = new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body);
            await Task.WhenAll(calls);
            return (busy, new MetricsPage((await Ask.GetAsync(client, "/metrics")).Body));
        });

        var all = server.Truth.Requests;
        var begun = all.Where(request => request.FirstToken is not null).ToList();
        var finished = all.Where(request => request.Outcome == RequestOutcome.Finished).ToList();
        all.ShouldContain(request => request.Outcome == RequestOutcome.ClientLeft && request.OutputTokens > 0);
        all.ShouldContain(request => request.Outcome == RequestOutcome.ClientLeft && request.OutputTokens == 0);
        Tokens(page, all, begun);
        Finishes(page, finished);
        page.Sum("vllm:num_preemptions_total").ShouldBe(all.Sum(request => request.Preemptions));
        all.Sum(request => request.Preemptions).ShouldBeGreaterThan(10);
        all.Where(request => request.Choices == 1).Max(request => request.BlocksPeak).ShouldBeInRange(5, 59);
        Gauges(busy, page);
        Http(page, all);
    }

    static void Tokens(MetricsPage page, IReadOnlyList<SimulatedRequest> all, List<SimulatedRequest> begun)
    {
        double generated = all.Sum(request => request.OutputTokens);
        double prompts = begun.Sum(request => request.InputTokens * request.Choices);
        double cached = begun.Sum(request => request.CachedTokens);
        double first = begun.Sum(request => request.Choices);
        cached.ShouldBeGreaterThan(0);
        page.Sum("vllm:generation_tokens_total").ShouldBe(generated);
        page.Sum("vllm:prompt_tokens_total").ShouldBe(prompts);
        page.Sum("vllm:prompt_tokens_by_source_total").ShouldBe(prompts);
        page.Of("vllm:prompt_tokens_by_source_total", "source", "local_cache_hit").ShouldBe(cached);
        page.Of("vllm:prompt_tokens_by_source_total", "source", "local_compute").ShouldBe(prompts - cached);
        page.Sum("vllm:prompt_tokens_cached_total").ShouldBe(cached);
        page.Of("vllm:prompt_tokens_cached_by_source_total", "source", "device").ShouldBe(cached);
        page.Sum("vllm:prefix_cache_queries_total").ShouldBe(prompts);
        page.Sum("vllm:prefix_cache_hits_total").ShouldBe(cached);
        page.Sum("vllm:time_to_first_token_seconds_count").ShouldBe(first);
        page.Sum("vllm:inter_token_latency_seconds_count").ShouldBe(generated - first);
        page.Sum("vllm:iteration_tokens_total_sum").ShouldBe(prompts - cached + generated);
    }

    static void Finishes(MetricsPage page, List<SimulatedRequest> finished)
    {
        double sequences = finished.Sum(request => request.Choices);
        page.Of("vllm:request_success_total", "finished_reason", "abort").ShouldBe(0);
        foreach (var name in (string[])["request_success_total", "e2e_request_latency_seconds_count", "request_queue_time_seconds_count", "request_prefill_time_seconds_count", "request_decode_time_seconds_count", "request_inference_time_seconds_count", "request_time_per_output_token_seconds_count", "request_num_preemptions_count", "request_params_max_tokens_count"])
        {
            page.Sum("vllm:" + name).ShouldBe(sequences, name);
        }

        page.Sum("vllm:request_generation_tokens_sum").ShouldBe(finished.Sum(request => request.OutputTokens));
        page.Sum("vllm:request_prompt_tokens_sum").ShouldBe(finished.Sum(request => request.InputTokens * request.Choices));
        page.Sum("vllm:request_num_preemptions_sum").ShouldBe(finished.Sum(request => request.Preemptions));
        page.Sum("vllm:request_prefill_kv_computed_tokens_sum").ShouldBe(
            finished.Sum(request => (request.InputTokens * request.Choices) - request.CachedTokens));
        page.Sum("vllm:request_params_n_count").ShouldBe(finished.Count);
        page.Sum("vllm:request_params_n_sum").ShouldBe(sequences);
        page.Sum("vllm:request_max_num_generation_tokens_count").ShouldBe(finished.Count);
    }

    static void Gauges(MetricsPage busy, MetricsPage idle)
    {
        busy.Sum("vllm:num_requests_running").ShouldBeGreaterThan(1);
        busy.Sum("vllm:num_requests_waiting").ShouldBeGreaterThan(1);
        busy.Sum("vllm:num_requests_waiting_by_reason").ShouldBe(busy.Sum("vllm:num_requests_waiting"));
        busy.Sum("vllm:kv_cache_usage_perc").ShouldBeInRange(0.8, 1);
        busy["process_open_fds"].ShouldBeGreaterThan(idle["process_open_fds"]);
        idle.Sum("vllm:num_requests_running").ShouldBe(0);
        idle.Sum("vllm:num_requests_waiting").ShouldBe(0);
        idle.Sum("vllm:kv_cache_usage_perc").ShouldBe(0);
        idle["process_cpu_seconds_total"].ShouldBeGreaterThan(busy["process_cpu_seconds_total"]);
    }

    static void Http(MetricsPage page, IReadOnlyList<SimulatedRequest> all)
    {
        const string handler = "{handler=\"/v1/completions\",method=\"POST\"";
        page[$"http_requests_total{handler},status=\"2xx\"}}"].ShouldBe(all.Count);
        page[$"http_request_duration_seconds_count{handler}}}"].ShouldBe(all.Count);
        page[$"http_request_duration_seconds_sum{handler}}}"].ShouldBe(all.Sum(request => (request.Closed - request.Received)!.Value.TotalSeconds), 1e-6);
        page["http_request_duration_highr_seconds_count"].ShouldBe(all.Count);
    }

    static async Task AskAsync(HttpClient client, VirtualTimeProvider time, int i)
    {
        var prompt = string.Concat(Enumerable.Repeat(i % 4 == 0 ? " people" : $" {i}", 20 + (i * 7 % 60)));
        var body = $$"""{"prompt":"{{prompt}}","max_tokens":{{1 + (i * 13 % 90)}},"n":{{(i % 5 == 0 ? 1 + (i % 3) : 1)}},"stream":{{(i % 3 == 0 ? "true" : "false")}}}""";
        await Task.Delay(TimeSpan.FromMilliseconds(i * 4), time);
        if (i % 5 == 0 || i % 7 != 1)
        {
            (await Ask.PostAsync(client, "/v1/completions", body, time)).Status.ShouldBe(200);
            return;
        }

        // Some before their head, some while they wait, some in the middle of their tokens.
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(2 + (i * 37 % 900)), time);
        try
        {
            using var response = await client.SendAsync(Ask.Message("/v1/completions", body), HttpCompletionOption.ResponseHeadersRead, leaving.Token);
            await (await response.Content.ReadAsStreamAsync(leaving.Token)).CopyToAsync(Stream.Null, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
        }
    }
}
