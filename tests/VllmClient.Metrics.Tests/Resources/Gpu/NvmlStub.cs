using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>The calls of the stub library, in its order.</summary>
enum NvmlCall
{
    Init,
    Count,
    Handle,
    Uuid,
    Name,
    Utilization,
    Memory2,
    Memory1,
    Power,
    Energy,
    Temperature,
    Mig,
}

/// <summary>A freshly compiled stub of NVIDIA's library, each with a state of its own.</summary>
sealed class NvmlStub : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vllm-nvml");
    readonly nint _library;

    public NvmlStub(bool old = false)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "libnvidia-ml.so.1");
        var source = RepositoryFiles.Path("tests", "VllmClient.Metrics.Tests", "Resources", "Gpu", "nvml-stub.c");
        string[] arguments = ["-shared", "-fPIC", "-o", Path, source, .. old ? ["-DOLD"] : Array.Empty<string>()];
        if (!Compile("clang", arguments) && !Compile("cc", arguments))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("No C compiler, and without one the GPU library cannot be tested.");
            Assert.Skip("No C compiler, and without one the GPU library cannot be tested.");
        }

        _library = NativeLibrary.Load(Path);
    }

    delegate void SetCode(int call, int code);

    delegate void SetMig(int isOn);

    delegate int Read();

    public string Path { get; }

    public int Inits => Call<Read>("stub_inits")();

    public int Shutdowns => Call<Read>("stub_shutdowns")();

    public void Set(NvmlCall call, int code) => Call<SetCode>("stub_set")((int)call, code);

    public void Partition() => Call<SetMig>("stub_mig")(1);

    public NvmlReader Reader() => new(NvmlLibrary.TryLoad(Path).ShouldNotBeNull());

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _folder.Delete(recursive: true);
    }

    T Call<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    static bool Compile(string compiler, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { UseShellExecute = false }).ShouldNotBeNull();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
