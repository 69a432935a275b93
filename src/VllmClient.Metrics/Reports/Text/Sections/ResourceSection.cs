using System.Globalization;
using Vllm.Resources;

namespace Vllm.Reports;

/// <summary>What was used meanwhile, target by target; each group of figures ends with its source in brackets.</summary>
sealed class ResourceSection(TextLines lines, ResourceSummary summary, int clientCores, ReportLanguage language)
{
    const int MostGaps = 5;
    const int NameColumns = 16;

    public void Write()
    {
        lines.Line(Text(Label.Resources));
        foreach (var target in summary.Targets)
            lines.Parts("  " + DisplayText.Clean(target.Name, NameColumns), Groups(target).SelectMany(group => DisplayText.Wrap(group, TextLines.Columns - TextLines.LabelColumns)));
        Gaps();
        Missing();
    }

    IEnumerable<string> Groups(TargetSummary target)
    {
        string?[] groups = [Group(target, "process", Process(target)), Group(target, "container", Container(target)), Group(target, "machine", Machine(target)),
            Group(target, "server", Server(target)), Group(target, "gpu", Gpus(target)), Energy(target), Cost(target)];
        return groups.OfType<string>();
    }

    static string? Group(TargetSummary target, string part, IEnumerable<string?> figures)
    {
        var shown = string.Join(", ", figures.OfType<string>());
        return shown.Length == 0 ? null : $"{shown} [{DisplayText.Clean(target.Sources.GetValueOrDefault(part, NumberText.Absent), 40)}]";
    }

    IEnumerable<string?> Process(TargetSummary target) =>
    [
        clientCores > 0 && target.Figures.TryGetValue("process.cpuShare", out var cpu) ? $"CPU {NumberText.Percent(cpu.Mean)} % {language.Text(Label.OfCores, NumberText.Count(clientCores))}" : null,
        Bytes(target, "process.workingSetBytes"),
        target.Totals.TryGetValue("process.gcPauseSeconds", out var pauses) ? $"{Text(Label.GcPauses)} {NumberText.WithMilliseconds(pauses.Value)}" : null,
    ];

    IEnumerable<string?> Container(TargetSummary target) =>
    [
        Labelled(Label.Container, Cores(target)),
        BytesOf(target, "container.memoryBytes", "container.memoryLimitBytes"),
        target.Figures.TryGetValue("container.throttledShare", out var throttled) ? $"{Text(Label.Throttled)} {NumberText.Percent(throttled.Mean)} %" : null,
    ];

    string? Cores(TargetSummary target)
    {
        if (!target.Figures.TryGetValue("container.cpuCores", out var used)) return null;
        var limit = target.Figures.TryGetValue("container.cpuLimitCores", out var most) ? " " + language.Text(Label.OfCores, NumberText.Number(most.Last)) : "";
        return $"CPU {NumberText.Number(Math.Round(used.Mean, 2))}{limit}";
    }

    IEnumerable<string?> Machine(TargetSummary target) =>
    [
        target.Figures.TryGetValue("machine.cpuShare", out var cpu) ? Labelled(Label.Machine, $"CPU {NumberText.Percent(cpu.Mean)} %{Cpus(target)}") : null,
        BytesOf(target, "machine.memoryUsedBytes", "machine.memoryTotalBytes"),
    ];

    string Cpus(TargetSummary target) => target.Figures.TryGetValue("machine.logicalCpus", out var cpus) ? " " + language.Text(Label.OfCores, NumberText.Number(cpus.Last)) : "";

    IEnumerable<string?> Server(TargetSummary target) =>
    [
        target.Figures.TryGetValue("server.running", out var running) ? $"{Text(Label.Running)} {One(running.Mean)}" : null,
        target.Figures.TryGetValue("server.waiting", out var waiting) ? $"{Text(Label.Waiting)} {One(waiting.Mean)}{Peak(waiting.Max, NumberText.Number(waiting.Max))}" : null,
        target.Figures.TryGetValue("server.kvCacheShare", out var cache) ? $"KV {NumberText.Percent(cache.Mean)} %{Peak(cache.Max, NumberText.Percent(cache.Max) + " %")}" : null,
        target.Figures.TryGetValue("server.prefixCacheHitShare", out var hits) ? $"{Text(Label.PrefixHits)} {NumberText.Percent(hits.Mean)} %" : null,
        target.Totals.TryGetValue("server.preemptions", out var preempted) && preempted.Value > 0 ? $"{Text(Label.Preemptions)} {NumberText.Number(Math.Round(preempted.Value))}" : null,
        target.Restarts > 0 ? language.Text(Label.Restarts, NumberText.Count(target.Restarts)) : null,
    ];

    string Peak(double value, string shown) => value > 0 ? $" ({Text(Label.Peak)} {shown})" : "";

    IEnumerable<string?> Gpus(TargetSummary target)
    {
        if (target.Gpus.All(gpu => gpu.Figures.Count == 0)) yield break;
        var name = target.Gpus.Count == 1 ? "GPU" : $"{NumberText.Count(target.Gpus.Count)} GPU";
        yield return Mean("gpu.utilizationShare") is { } busy ? $"{name} {NumberText.Percent(busy)} %" : name;
        if (Sum("gpu.memoryUsedBytes") is { } used) yield return BytesOf(used, Sum("gpu.memoryTotalBytes"));
        if (Sum("gpu.powerWatts") is { } watts) yield return $"{NumberText.Fixed(watts, 0)} W";

        double? Sum(string key) => target.Gpus.Any(gpu => gpu.Figures.ContainsKey(key)) ? target.Gpus.Sum(gpu => gpu.Figures.TryGetValue(key, out var figure) ? figure.Mean : 0) : null;
        double? Mean(string key) => target.Gpus.Any(gpu => gpu.Figures.ContainsKey(key)) ? target.Gpus.Where(gpu => gpu.Figures.ContainsKey(key)).Average(gpu => gpu.Figures[key].Mean) : null;
    }

    string? Energy(TargetSummary target)
    {
        if (target.Energy is not { } energy) return null;
        if (energy.Joules is not { } joules) return $"{Text(Label.NoEnergy)}: {Sentence(energy.Reason, 120)}";
        var method = Text(energy.Method switch { EnergyMethod.Counter => Label.ByCounter, EnergyMethod.Integrated => Label.FromPower, _ => Label.ByCounterAndPower });
        var perToken = energy.JoulesPerOutputToken is { } each
            ? $", {NumberText.Significant(each)} J/token, {NumberText.Significant(energy.TokensPerJoule ?? 0)} token/J"
            : $", {Sentence(energy.Reason, 120)}";
        return $"{NumberText.Rate(joules)} J{perToken} [{method}{(energy.TokensFrom is TokenCountSource.Client ? ", " + Text(Label.ClientTokens) : "")}]";
    }

    string? Cost(TargetSummary target) => target.Cost?.PerMillionOutputTokens is { } price
        ? language.Text(Label.CostPerMillion, price.ToString("N2", CultureInfo.InvariantCulture), DisplayText.Clean(target.Cost.Currency, 8))
        : null;

    void Gaps()
    {
        if (summary.Gaps.Count == 0) return;
        var label = "  " + Text(Label.Gaps);
        foreach (var gap in summary.Gaps.Take(MostGaps))
        {
            var time = $"{NumberText.Clock(TimeSpan.FromSeconds(Math.Max(0, gap.FromSeconds)))} - {NumberText.Clock(TimeSpan.FromSeconds(Math.Max(0, gap.ToSeconds)))}";
            lines.Labelled(label, $"{time} {DisplayText.Clean(gap.Target, NameColumns)}: {DisplayText.Clean(gap.Source, 40)}: {Sentence(gap.Reason, 200)}");
            label = "";
        }

        if (summary.Gaps.Count > MostGaps) lines.Labelled("", language.Text(Label.MoreGaps, NumberText.Count(summary.Gaps.Count - MostGaps)));
    }

    void Missing()
    {
        var label = "  " + Text(Label.Absent);
        foreach (var target in summary.Missing.GroupBy(part => part.Target))
        {
            lines.Labelled(label, $"{DisplayText.Clean(target.Key, NameColumns)}: {string.Join(", ", target.Select(part => $"{PartName(part.Part)} ({Sentence(part.Reason, 200)})"))}");
            label = "";
        }
    }

    string PartName(string part) => part switch
    {
        "process" => Text(Label.ProcessPart),
        "container" => Text(Label.Container),
        "machine" => Text(Label.MachinePart),
        "gpus" => "GPU",
        "server" => Text(Label.ServerPart),
        _ => DisplayText.Clean(part, NameColumns),
    };

    string? Labelled(Label label, string? text) => text is null ? null : $"{Text(label)} {text}";

    static string? Bytes(TargetSummary target, string key) => target.Figures.TryGetValue(key, out var bytes) ? NumberText.Bytes(bytes.Max) : null;

    string? BytesOf(TargetSummary target, string used, string total) =>
        target.Figures.TryGetValue(used, out var bytes) ? BytesOf(bytes.Mean, target.Figures.TryGetValue(total, out var all) ? all.Last : null) : null;

    string BytesOf(double used, double? total) => total is { } all ? language.Text(Label.Of, NumberText.Bytes(used, all, unit: false), NumberText.Bytes(all)) : NumberText.Bytes(used);

    static string One(double value) => NumberText.Fixed(value, 1);

    string Sentence(string? reason, int columns) => SentenceText.Of(DisplayText.Clean(reason ?? NumberText.Absent, columns), language);

    string Text(Label label) => language.Text(label);
}
