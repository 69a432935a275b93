using System.Text;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

public class VllmPageTests
{
    static ServerSample Page(string name) => new VllmPage().Read(Recording.Load(name).Body).ShouldNotBeNull();

    static ServerSample Text(string page) => new VllmPage().Read(Encoding.UTF8.GetBytes(page)).ShouldNotBeNull();

    [Fact]
    public void Two_recorded_pages_give_the_figures_that_a_person_reads_in_them()
    {
        var (before, after) = (Page("metrics-after"), Page("metrics-busy"));

        var rated = Rates.Of(before, after, 76);

        (after.GenerationTokens - before.GenerationTokens).ShouldBe(3180);
        rated.GenerationTokensPerSecond.ShouldNotBeNull().ShouldBe(41.84, 0.005);
        rated.Restarts.ShouldBe(0);
        after.Running.ShouldBe(40);
        var (first, last) = (before.TimeToFirstToken.ShouldNotBeNull(), after.TimeToFirstToken.ShouldNotBeNull());
        (last.Count - first.Count).ShouldBe(73);
        ((last.Sum - first.Sum) / (last.Count - first.Count) * 1000).ShouldBe(48.60, 0.005);
        var median = BucketQuantile.Between(first, last, 0.5).ShouldNotBeNull();
        (median.Estimate * 1000).ShouldNotBeNull().ShouldBe(63.68, 0.005);
        (median.Lower, median.Upper!.Value, median.Count).ShouldBe((0.06, 0.08, 73));
        var high = BucketQuantile.Between(first, last, 0.95).ShouldNotBeNull();
        (high.Estimate * 1000).ShouldNotBeNull().ShouldBe(96.52, 0.005);
        (high.Lower, high.Upper!.Value).ShouldBe((0.08, 0.1));
    }

    [Fact]
    public void A_server_that_began_anew_is_one_restart_and_has_no_rates()
    {
        var rated = Rates.Of(Page("metrics-busy"), Page("metrics-idle"), 10);

        rated.Restarts.ShouldBe(1);
        rated.GenerationTokensPerSecond.ShouldBeNull();
        rated.PromptTokensPerSecond.ShouldBeNull();
    }

    [Fact]
    public void Refused_requests_are_counted()
    {
        var page = Page("metrics-with-queue");

        page.Rejected.ShouldBe(5);
        page.Running.ShouldBe(2);
        page.Waiting.ShouldBe(0);
        page.KvCacheUtilization.ShouldBe(0.0004883408619216212);
        page.GenerationTokens.ShouldBe(449);
        page.PromptTokens.ShouldBe(256);
        page.CachedPromptTokens.ShouldBe(0);
        page.Preemptions.ShouldBe(0);
        page.PrefixCacheQueries.ShouldBe(256);
        page.PrefixCacheHits.ShouldBe(0);
        page.Finished.ShouldNotBeNull().ShouldBe(new Dictionary<string, long> { ["stop"] = 4, ["length"] = 5, ["abort"] = 0, ["error"] = 0, ["repetition"] = 0 }, ignoreOrder: true);
        page.Engines.ShouldHaveSingleItem().ShouldBe(new EngineSample { Engine = "0", Model = "tiny", Running = 2, Waiting = 0, KvCacheUtilization = 0.0004883408619216212 });
        page.ApiProcess.ShouldNotBeNull().CpuTime.ShouldBe(TimeSpan.FromMilliseconds(9040));
        page.ApiProcess.WorkingSetBytes.ShouldBe(690610176);
        page.ApiProcess.StartSeconds.ShouldBe(1795493297);
    }

    [Theory]
    [InlineData("metrics-idle")]
    [InlineData("metrics-busy")]
    [InlineData("metrics-after")]
    [InlineData("metrics-with-queue")]
    [InlineData("dead-engine-metrics")]
    [InlineData("embedding-metrics")]
    public void Every_line_of_every_recording_is_understood(string name)
    {
        var page = Recording.Load(name).Body;
        var series = Encoding.UTF8.GetString(page).Split('\n').Count(line => line.Length > 0 && line[0] != '#');
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels]);
        var read = 0;

        while (reader.MoveNext())
        {
            read++;
            reader.Kind.ShouldNotBe(SeriesKind.Unknown);
        }

        read.ShouldBe(series);
        reader.SkippedLines.ShouldBe(0);
    }

    [Fact]
    public void Two_engines_are_summed_and_the_fullest_cache_counts()
    {
        var page = Text("""
            vllm:num_requests_running{engine="0",model_name="a"} 3.0
            vllm:num_requests_running{engine="1",model_name="a"} 4.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="a",reason="capacity"} 1.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="a",reason="deferred"} 2.0
            vllm:num_requests_waiting{engine="1",model_name="a"} 5.0
            vllm:kv_cache_usage_perc{engine="0",model_name="a"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="a"} 0.75
            vllm:generation_tokens_total{engine="0",model_name="a"} 10
            vllm:generation_tokens_total{engine="1",model_name="a"} 20
            vllm:time_to_first_token_seconds_bucket{engine="0",le="0.1"} 1
            vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf"} 2
            vllm:time_to_first_token_seconds_count{engine="0"} 2
            vllm:time_to_first_token_seconds_sum{engine="0"} 0.3
            vllm:time_to_first_token_seconds_bucket{engine="1",le="0.1"} 3
            vllm:time_to_first_token_seconds_bucket{engine="1",le="+Inf"} 3
            vllm:time_to_first_token_seconds_count{engine="1"} 3
            vllm:time_to_first_token_seconds_sum{engine="1"} 0.2
            """);

        (page.Running, page.Waiting, page.KvCacheUtilization, page.GenerationTokens).ShouldBe((7, 8, 0.75, 30));
        page.Engines.Select(engine => (engine.Engine, engine.Waiting)).ShouldBe([("0", 3), ("1", 5)]);
        page.TimeToFirstToken.ShouldNotBeNull().CumulativeCounts.ShouldBe([4, 5]);
        page.TimeToFirstToken.Sum.ShouldBe(0.5);
    }

    [Fact]
    public void Engines_with_different_bounds_give_the_mean_alone()
    {
        var histogram = Text("""
            vllm:time_to_first_token_seconds_bucket{engine="0",le="0.1"} 1
            vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf"} 2
            vllm:time_to_first_token_seconds_count{engine="0"} 2
            vllm:time_to_first_token_seconds_sum{engine="0"} 0.3
            vllm:time_to_first_token_seconds_bucket{engine="1",le="0.2"} 3
            vllm:time_to_first_token_seconds_bucket{engine="1",le="+Inf"} 3
            vllm:time_to_first_token_seconds_count{engine="1"} 3
            vllm:time_to_first_token_seconds_sum{engine="1"} 0.2
            """).TimeToFirstToken.ShouldNotBeNull();

        (histogram.Count, histogram.Sum, histogram.UpperBounds.Count).ShouldBe((5, 0.5, 0));
        BucketQuantile.Between(null, histogram, 0.5).ShouldBeNull();
    }

    [Fact]
    public void Old_names_are_understood()
    {
        var page = Text("""
            vllm_num_requests_running 1
            vllm:gpu_cache_usage_perc 0.5
            vllm:gpu_prefix_cache_hits_total 3
            vllm:gpu_prefix_cache_queries_total 4
            vllm:time_per_output_token_seconds_count 7
            vllm:time_per_output_token_seconds_sum 0.7
            """);

        (page.Running, page.KvCacheUtilization, page.PrefixCacheHits, page.PrefixCacheQueries).ShouldBe((1, 0.5, 3, 4));
        page.InterTokenLatency.ShouldNotBeNull().Count.ShouldBe(7);
    }

    [Fact]
    public void Another_models_series_are_left_out()
    {
        var page = new VllmPage("b").Read("vllm:num_requests_running{model_name=\"a\"} 3\nvllm:num_requests_running{model_name=\"b\"} 4\n"u8).ShouldNotBeNull();

        page.Running.ShouldBe(4);
    }

    [Fact]
    public void A_page_without_vllm_series_is_none() => new VllmPage().Read("process_cpu_seconds_total 4\nup 1\n"u8).ShouldBeNull();

    [Fact]
    public void A_quantile_in_the_last_bucket_has_no_estimate()
    {
        var histogram = new ServerHistogram { Count = 4, Sum = 9, UpperBounds = [1, double.PositiveInfinity], CumulativeCounts = [1, 4] };

        BucketQuantile.Between(null, histogram, 0.5).ShouldBe(new BucketQuantile(null, 1, null, 4));
        BucketQuantile.Between(histogram, histogram, 0.5).ShouldBeNull();
    }
}
