using System.ComponentModel;
using System.Diagnostics;

namespace Vllm.Resources;

/// <summary>NVIDIA's GPUs, by the program that comes with the driver.</summary>
/// <param name="gpuIds">The GPUs asked for.</param>
/// <param name="program">The program.</param>
/// <param name="instead">The library; as long as it works, the program is not needed. Null: there is only the program.</param>
sealed class NvidiaSmi(IEnumerable<string> gpuIds, string program = "nvidia-smi", NvmlSource? instead = null) : IResourceSource
{
    public const string SourceName = "nvidia-smi";
    const int MostCharacters = 1024 * 1024;

    /// <summary>Starting the program costs too much to do it more often.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    /// <summary>How long it may run.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    readonly GpuFilter _filter = new(gpuIds);

    public string Name => SourceName;

    public string Target => ResourceProbe.AppTarget;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (instead is not null)
        {
            await instead.FirstReading.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (instead.Works) return ResourceReading.Absent("not needed, NVML works");
        }

        using var process = new Process { StartInfo = Call(program) };
        try
        {
            if (!process.Start()) return ResourceReading.Absent("nvidia-smi does not start");
        }
        catch (Win32Exception)
        {
            return ResourceReading.Absent("nvidia-smi is not installed");
        }

        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var text = await ReadAsync(process.StandardOutput, cancellationToken).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0) throw new SourceFailure(FormattableString.Invariant($"nvidia-smi ended with code {process.ExitCode}"));
            var gpus = _filter.Of(NvidiaSmiText.Read(text, out var odd));
            if (gpus.Count == 0 && odd > 0) throw new SourceFailure("nvidia-smi wrote nothing that could be understood");
            return gpus.Count == 0 ? ResourceReading.Absent("nvidia-smi shows no GPU") : new() { Gpus = gpus, SkippedLines = odd };
        }
        finally
        {
            Kill(process);
        }
    }

    static async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var text = new char[4096];
        var length = 0;
        while (true)
        {
            if (length == text.Length)
            {
                if (length >= MostCharacters) throw new SourceFailure("nvidia-smi wrote more than 1 MiB");
                Array.Resize(ref text, length * 2);
            }

            var read = await output.ReadAsync(text.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0) return new(text, 0, length);
            length += read;
        }
    }

    static ProcessStartInfo Call(string program) => new(program)
    {
        ArgumentList = { $"--query-gpu={NvidiaSmiText.Query}", "--format=csv,noheader,nounits" },
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        CreateNoWindow = true,
    };

    static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
