namespace Vllm.Simulator.Wire;

/// <summary>The figures of <c>/metrics</c>; written and read under the server's lock.</summary>
sealed class ServerCounters
{
    static readonly double[] Tokens = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
    static readonly double[] Seconds =
        [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

    static readonly double[] TokenSeconds =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

    static readonly double[] FirstTokenSeconds =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];

    // As recorded of an idle server.
    const double StartSeconds = 8.78;
    const int StartHandles = 34;

    /// <summary>Running sequences of the engine, as of the last step.</summary>
    public long Running { get; set; }

    /// <summary>Unfinished sequences on fixed schedules.</summary>
    public long Paced { get; set; }

    public long Waiting { get; set; }

    /// <summary>The share of the blocks in use, as of the last step.</summary>
    public double MemoryUsage { get; set; }

    public long TimesPreempted { get; set; }

    public long PrefixQueries { get; set; }

    /// <summary>Prompt tokens found in the prefix cache.</summary>
    public long CachedTokens { get; set; }

    public long PromptTokens { get; set; }

    public long GenerationTokens { get; set; }

    public long Stopped { get; set; }

    public long CutByLength { get; set; }

    public long Aborted { get; set; }

    public long RejectedByRequests { get; set; }

    public long RejectedByTokens { get; set; }

    public long OpenRequests { get; set; }

    /// <summary>Ticks that the API process has worked on requests: from receipt to admission.</summary>
    public long ApiTicks { get; set; }

    public HttpCounters Http { get; } = new();

    public Histogram RequestPromptTokens { get; } = new(Tokens);

    public Histogram RequestGenerationTokens { get; } = new(Tokens);

    public Histogram IterationTokens { get; } = new([1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]);

    public Histogram MaxGenerationTokens { get; } = new(Tokens);

    public Histogram ParamsN { get; } = new([1, 2, 5, 10, 20]);

    public Histogram ParamsMaxTokens { get; } = new(Tokens);

    public Histogram FirstToken { get; } = new(FirstTokenSeconds);

    public Histogram InterToken { get; } = new(TokenSeconds);

    public Histogram TimePerOutputToken { get; } = new(TokenSeconds);

    public Histogram EndToEnd { get; } = new(Seconds);

    public Histogram QueueTime { get; } = new(Seconds);

    public Histogram InferenceTime { get; } = new(Seconds);

    public Histogram PrefillTime { get; } = new(Seconds);

    public Histogram DecodeTime { get; } = new(Seconds);

    public Histogram Preemptions { get; } = new([1, 2, 3, 4, 5, 10, 20]);

    public Histogram PrefillComputed { get; } = new(Tokens);

    public Histogram? Find(string name) => name switch
    {
        "vllm:request_prompt_tokens" => RequestPromptTokens,
        "vllm:request_generation_tokens" => RequestGenerationTokens,
        "vllm:iteration_tokens_total" => IterationTokens,
        "vllm:request_max_num_generation_tokens" => MaxGenerationTokens,
        "vllm:request_params_n" => ParamsN,
        "vllm:request_params_max_tokens" => ParamsMaxTokens,
        "vllm:time_to_first_token_seconds" => FirstToken,
        "vllm:inter_token_latency_seconds" => InterToken,
        "vllm:request_time_per_output_token_seconds" => TimePerOutputToken,
        "vllm:e2e_request_latency_seconds" => EndToEnd,
        "vllm:request_queue_time_seconds" => QueueTime,
        "vllm:request_inference_time_seconds" => InferenceTime,
        "vllm:request_prefill_time_seconds" => PrefillTime,
        "vllm:request_decode_time_seconds" => DecodeTime,
        "vllm:request_num_preemptions" => Preemptions,
        "vllm:request_prefill_kv_computed_tokens" => PrefillComputed,
        _ => null,
    };

    public double Value(string name, string? label) => (name, label) switch
    {
        ("vllm:num_requests_running", _) => Running + Paced,
        ("vllm:num_requests_waiting", _) => Waiting,
        ("vllm:num_requests_waiting_by_reason", "capacity") => Waiting,
        ("vllm:engine_sleep_state", "awake") => 1,
        ("vllm:prompt_tokens_total", _) => PromptTokens,
        ("vllm:kv_cache_usage_perc", _) => MemoryUsage,
        ("vllm:num_preemptions_total", _) => TimesPreempted,
        ("vllm:prefix_cache_queries_total", _) => PrefixQueries,
        ("vllm:prefix_cache_hits_total" or "vllm:prompt_tokens_cached_total", _) => CachedTokens,
        ("vllm:prompt_tokens_cached_by_source_total", "device") => CachedTokens,
        ("vllm:prompt_tokens_by_source_total", "local_cache_hit") => CachedTokens,
        ("vllm:prompt_tokens_by_source_total", "local_compute") => PromptTokens - CachedTokens,
        ("vllm:generation_tokens_total", _) => GenerationTokens,
        ("vllm:request_success_total", "stop") => Stopped,
        ("vllm:request_success_total", "length") => CutByLength,
        ("vllm:request_success_total", "abort") => Aborted,
        ("vllm:admission_rejections_total", "max_num_queued_reqs") => RejectedByRequests,
        ("vllm:admission_rejections_total", "max_num_queued_tokens") => RejectedByTokens,
        ("process_cpu_seconds_total", _) => StartSeconds + (ApiTicks / (double)TimeSpan.TicksPerSecond),
        ("process_open_fds", _) => StartHandles + OpenRequests,
        _ => 0,
    };
}
