namespace Vllm.Resources;

/// <summary>The kernel's files below a root: the real one, or a recorded tree.</summary>
sealed class LinuxFiles(string root = "") : IDisposable
{
    readonly List<LinuxFile> _files = [];

    /// <summary>A file that stays open from its first reading on.</summary>
    /// <param name="path">An absolute path, as the kernel names it.</param>
    public LinuxFile Open(string path)
    {
        var file = new LinuxFile(root + path);
        _files.Add(file);
        return file;
    }

    /// <summary>All of a file that is needed once, empty if it is not there.</summary>
    public string Text(string path)
    {
        try
        {
            return File.ReadAllText(root + path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    public bool HasFolder(string path) => Directory.Exists(root + path);

    public bool HasFile(string path) => File.Exists(root + path);

    /// <summary>Names of what a folder holds, in ordinal order; none if it is not there.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        if (!HasFolder(folder)) return [];
        var names = Directory.GetFileSystemEntries(root + folder);
        for (var i = 0; i < names.Length; i++) names[i] = Path.GetFileName(names[i]);
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>The last part of what a link leads to, or null if it is no link.</summary>
    public string? LinkedName(string path)
    {
        try
        {
            return Path.GetFileName(new FileInfo(root + path).LinkTarget);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
