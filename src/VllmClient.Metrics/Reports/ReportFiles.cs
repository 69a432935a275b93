using Vllm.Load;

namespace Vllm.Reports;

/// <summary>Where a report is saved, and how: whole or not at all.</summary>
static class ReportFiles
{
    const string Ending = ".json";

    public static string SaveJson(LoadReport report, string path)
    {
        var target = Path.GetFullPath(Target(path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = target + ".tmp";
        try
        {
            using (var stream = File.Create(temporary))
                ReportJson.Write(stream, report, null);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return target;
    }

    static string Target(string path)
    {
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            return Path.Combine(path, "load-report" + Ending);
        return path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? path : path + Ending;
    }
}
