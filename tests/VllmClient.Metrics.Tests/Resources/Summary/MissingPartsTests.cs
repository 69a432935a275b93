using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class MissingPartsTests
{
    static readonly IReadOnlyList<ResourceServer> Servers = [new("gpu-1"), new("gpu-2")];

    static IEnumerable<(string Part, string Reason)> Missing(TargetSample seen, params ResourceSourceStatus[] sources)
    {
        var line = RecordedLine.Of([(0, seen with { }), (1, seen)], [RecordedLine.Status("any", seen.Name), .. sources], servers: Servers);
        return line.Summarize(0, 1).Missing.Where(part => part.Target == seen.Name).Select(part => (part.Part, part.Reason));
    }

    static ResourceSourceStatus Failing(string name, string? reason, string target = "gpu-1", long samples = 0) => RecordedLine.Status(name, target, ResourceSourceState.Failing, reason, samples: samples);

    [Fact]
    public void A_server_without_urls_misses_them() =>
        Missing(new() { Name = "gpu-1" }).ShouldBe([("machine", "no node exporter URL"), ("gpus", "no GPU exporter URL"), ("server", "no URL")]);

    [Fact]
    public void The_application_misses_only_what_a_source_of_it_says() =>
        Missing(new() { Name = "app" }, Failing("cgroup", "unheard", "app"), Failing("container", "no control group", "app"), Failing("machine", null, "app"))
            .ShouldBe([("container", "no control group"), ("machine", "not read in the window")]);

    [Fact]
    public void Every_source_of_a_part_gives_its_reason() =>
        Missing(new() { Name = "app" }, Failing("nvml", "no driver", "app"), Failing("nvidia-smi", "no program", "app"), Failing("amdgpu", "no card", "app"))
            .ShouldBe([("gpus", "no driver; no program; no card")]);

    [Fact]
    public void Another_targets_reasons_are_its_own() =>
        Missing(new() { Name = "gpu-1" }, Failing("node_exporter", "status 500", "gpu-2")).ShouldContain(("machine", "no node exporter URL"));

    [Fact]
    public void What_is_there_is_not_missing()
    {
        // A figure of the process, a total of the server, a GPU.
        var seen = new TargetSample
        {
            Name = "gpu-1",
            Process = new() { WorkingSetBytes = 5 },
            Machine = new() { Load1 = 1 },
            Gpus = [new() { Id = "GPU-a" }],
            Server = new() { Running = 1 },
        };

        Missing(seen, Failing("process", "gone"), Failing("machine", "gone"), Failing("gpu_exporter", "gone"), Failing("vllm", "gone")).ShouldBeEmpty();
        Missing(seen with { Gpus = [], Server = null }).ShouldBe([("gpus", "no GPU exporter URL"), ("server", "no URL")]);
    }

    [Fact]
    public void A_total_alone_is_enough()
    {
        var first = new TargetSample { Name = "gpu-1", Server = new() { Timestamp = 0, Preemptions = 1 }, Machine = new() { Timestamp = 0, Load1 = 2 } };
        var line = RecordedLine.Of([(0, first), (1, first with { Server = new() { Timestamp = 1, Preemptions = 2 } })], servers: Servers);

        line.Summarize(0, 1).Missing.Select(part => part.Part).ShouldBe(["gpus"]);
    }

    [Fact]
    public void A_page_that_never_showed_what_it_is_may_have_had_it()
    {
        var missing = Missing(
            new() { Name = "gpu-1", Machine = new() { Load1 = 1 } },
            Failing("gpu_exporter", "status 500"), Failing("http://gpu-1:9000/", "refused"), Failing("http://gpu-1:9001/", null), Failing("http://gpu-1:9002/", "read once", samples: 1));

        missing.ShouldBe([("gpus", "status 500; refused"), ("server", "refused")]);
    }

    [Fact]
    public void A_page_that_failed_is_told_where_nothing_else_is_missing()
    {
        var seen = new TargetSample { Name = "gpu-1", Machine = new() { Load1 = 1 }, Gpus = [new() { Id = "GPU-a" }], Server = new() { Running = 1 } };

        Missing(seen, Failing("http://gpu-1:9000/", "refused"), Failing("vllm", "old")).ShouldBe([("page", "refused")]);
        Missing(new() { Name = "app" }, Failing("http://here:9000/", "refused", "app")).ShouldBeEmpty();
    }

    [Fact]
    public void A_part_that_only_an_application_has_is_not_asked_of_a_page() =>
        Missing(new() { Name = "gpu-1", Machine = new() { Load1 = 1 }, Gpus = [new() { Id = "GPU-a" }], Server = new() { Running = 1 } }, Failing("process", "gone"), Failing("http://gpu-1:9000/", "refused"))
            .ShouldBe([("process", "gone"), ("page", "refused")]);
}
