using System.Globalization;
using Vllm.Load;

namespace LoadRunnerSample;

/// <summary>Reads limits: <c>ttft.p95=500ms</c>, <c>duration.p99=2s</c>, <c>failed=1%</c>.</summary>
static class Limits
{
    const string Option = "--limit";

    public static Objective Read(string text)
    {
        var sides = text.Split('=', 2);
        if (sides.Length != 2) throw Unknown(text);
        if (sides[0] == "failed") return Objective.FailedShare(Amounts.Share(Option, sides[1]));
        var words = sides[0].Split('.', 2);
        if (words.Length != 2 || words[1].Length < 2 || words[1][0] != 'p') throw Unknown(text);
        if (!double.TryParse(words[1][1..], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) || percent is <= 0 or >= 100) throw Unknown(text);
        var quantile = percent / 100;
        var limit = Amounts.Time(Option, sides[1]);
        return words[0] switch
        {
            "ttft" => Objective.TimeToFirstToken(quantile, limit),
            "tpot" => Objective.TimePerOutputToken(quantile, limit),
            "gap" => Objective.ChunkGap(quantile, limit),
            "longest-gap" => Objective.LongestGap(quantile, limit),
            "duration" => Objective.Duration(quantile, limit),
            _ => throw Unknown(text),
        };
    }

    static UsageException Unknown(string text) => new(
        $"{Option} takes FIGURE.pNN=TIME with ttft, tpot, gap, longest-gap or duration, or failed=SHARE, not '{text}'. For instance: --limit ttft.p95=500ms --limit failed=1%.");
}
