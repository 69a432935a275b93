namespace Vllm.Tests.Repository.Api;

/// <summary>A line diff by longest common subsequence: short, and good enough to read an API change.</summary>
static class LineDiff
{
    /// <summary>Lines that differ, <c>-</c> of the old text and <c>+</c> of the new one, each after its nearest unchanged line.</summary>
    public static IReadOnlyList<string> Between(string before, string after)
    {
        var old = before.Split('\n');
        var young = after.Split('\n');
        var common = new int[old.Length + 1, young.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = young.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == young[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }
        return [.. Walk(old, young, common)];
    }

    static IEnumerable<string> Walk(string[] old, string[] young, int[,] common)
    {
        var (i, j) = (0, 0);
        var context = "";
        while (i < old.Length || j < young.Length)
        {
            if (i < old.Length && j < young.Length && old[i] == young[j])
            {
                context = old[i];
                i++;
                j++;
                continue;
            }
            if (context.Length > 0) yield return "  " + context;
            context = "";
            if (j < young.Length && (i == old.Length || common[i, j + 1] >= common[i + 1, j])) yield return "+ " + young[j++];
            else yield return "- " + old[i++];
        }
    }
}
