using System.Text;

namespace Vllm.Tests.Resources;

/// <summary>A tree of the kernel's files in a folder of its own.</summary>
sealed class LinuxTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("vllm-tree").FullName;

    public LinuxTree With(string path, string content)
    {
        var file = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content, new UTF8Encoding(false));
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
