using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class GapFinderTests
{
    static ResourceSourceStatus State(int since, ResourceSourceState state, string? reason = null, string name = "vllm", int samples = 1) =>
        RecordedLine.Status(name, "gpu-1", state, reason, since, samples);

    // Read from 0 s to 30 s; the window is 5 s to 25 s, and the run began at 2 s.
    static IEnumerable<ResourceGap> Gaps(params ResourceSourceStatus[] changes) =>
        RecordedLine.Of([(0, new() { Name = "gpu-1" }), (30, new() { Name = "gpu-1" })], changes: changes).Summarize(5, 25, null, origin: 2).Gaps;

    [Fact]
    public void A_source_that_failed_for_a_while_leaves_a_gap() =>
        Gaps(State(0, ResourceSourceState.Ok), State(10, ResourceSourceState.Failing, "status 500"), State(13, ResourceSourceState.Ok))
            .ShouldBe([new("gpu-1", "vllm", ResourceSourceState.Failing, "status 500", 8, 11)]);

    [Fact]
    public void A_gap_is_cut_to_the_window() =>
        Gaps(State(1, ResourceSourceState.Failing, "before"), State(7, ResourceSourceState.Ok), State(20, ResourceSourceState.Failing, "after"))
            .ShouldBe(
            [
                new("gpu-1", "vllm", ResourceSourceState.Failing, "before", 3, 5),
                new("gpu-1", "vllm", ResourceSourceState.Failing, "after", 18, 23),
            ]);

    [Fact]
    public void A_gap_lasts_until_the_recording_ends()
    {
        var line = RecordedLine.Of([(0, new() { Name = "gpu-1" }), (12, new() { Name = "gpu-1" })], changes: [State(0, ResourceSourceState.Ok), State(10, ResourceSourceState.Failing)]);

        line.Summarize(5, 25).Gaps.ShouldBe([new("gpu-1", "vllm", ResourceSourceState.Failing, null, 5, 7)]);
    }

    [Fact]
    public void A_gap_outside_the_window_is_none() =>
        Gaps(State(0, ResourceSourceState.Failing), State(5, ResourceSourceState.Ok), State(25, ResourceSourceState.Failing), State(28, ResourceSourceState.Ok)).ShouldBeEmpty();

    [Fact]
    public void Old_figures_are_no_gap_but_failures_between_them_are() =>
        Gaps(State(6, ResourceSourceState.Stale), State(10, ResourceSourceState.Failing), State(12, ResourceSourceState.Stale))
            .ShouldBe([new("gpu-1", "vllm", ResourceSourceState.Failing, null, 8, 10)]);

    [Fact]
    public void A_source_that_never_gave_anything_is_missing_and_has_no_gap() =>
        Gaps(State(6, ResourceSourceState.Failing, samples: 0), State(10, ResourceSourceState.Absent, samples: 0)).ShouldBeEmpty();

    [Fact]
    public void Sources_are_looked_at_one_by_one() =>
        Gaps(State(6, ResourceSourceState.Ok), State(8, ResourceSourceState.Ok, name: "node_exporter"), State(10, ResourceSourceState.Failing), State(11, ResourceSourceState.Failing, name: "amdgpu"))
            .ShouldBe([new("gpu-1", "vllm", ResourceSourceState.Failing, null, 8, 23)]);

    [Fact]
    public void Before_its_first_reading_a_source_has_no_gap()
    {
        var unread = State(6, ResourceSourceState.Absent, samples: 0);
        ResourceSourceStatus[] read =
        [
            unread with { State = ResourceSourceState.Failing },
            unread with { Samples = 1 },
            unread with { Failures = 1 },
            unread with { LastDuration = TimeSpan.FromSeconds(1) },
        ];

        Gaps(unread, State(8, ResourceSourceState.Ok)).ShouldBeEmpty();
        foreach (var status in read) Gaps(status, State(8, ResourceSourceState.Ok)).ShouldBe([new("gpu-1", "vllm", status.State, null, 4, 6)]);
    }
}
