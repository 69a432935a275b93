using Vllm.Load;

namespace Vllm.Reports;

/// <summary>Where a report is saved, and how: whole or not at all.</summary>
static class ReportFiles
{
    const string Ending = ".json";

    public static string SaveJson(LoadReport report, string path)
    {
        var target = Target(path);
        Directory.CreateDirectory(Folder(target));
        var temporary = Temporary(target);
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

    public static async Task<string> SaveJsonAsync(LoadReport report, string path, CancellationToken cancellationToken)
    {
        var target = Target(path);
        Directory.CreateDirectory(Folder(target));
        var temporary = Temporary(target);
        try
        {
            var stream = File.Create(temporary);
            await using (stream.ConfigureAwait(false))
                await ReportJson.WriteAsync(stream, report, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return target;
    }

    public static LoadReport ReadJson(string path)
    {
        using var stream = File.OpenRead(Path.GetFullPath(Place(path)));
        return ReportJson.Read(stream);
    }

    /// <summary>Does all that saving does but for the report itself, and takes it back.</summary>
    public static void Check(string path)
    {
        var target = Target(path);
        var made = new Stack<string>();
        for (var folder = Folder(target); !Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above; folder = above)
            made.Push(folder);
        var folders = made.ToArray();
        try
        {
            Directory.CreateDirectory(Folder(target));
            new FileStream(Temporary(target), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
        }
        finally
        {
            foreach (var folder in folders.Reverse().Where(Directory.Exists))
                Directory.Delete(folder);
        }
    }

    static string Target(string path)
    {
        var target = Path.GetFullPath(Place(path));
        for (var above = Folder(target); above is not null && !Directory.Exists(above); above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above)) throw new IOException($"'{above}' is a file, not a folder.");
        }

        if (Directory.Exists(target)) throw new IOException($"'{target}' is a folder.");
        // A move over a file asks nobody whether that may be written.
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly)) throw new UnauthorizedAccessException($"'{target}' is read-only.");
        return target;
    }

    static string Place(string path) => Directory.Exists(path) || Path.EndsInDirectorySeparator(path) ? Path.Combine(path, "load-report" + Ending)
        : path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? path
        : path + Ending;

    static string Folder(string target) => Path.GetDirectoryName(target)!;

    static string Temporary(string target) => target + ".tmp";
}
