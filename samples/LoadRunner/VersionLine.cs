using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace LoadRunnerSample;

/// <summary>What <c>--version</c> prints: the name by which the command is called everywhere else, and the version of the package behind it.</summary>
sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(Vllm.Load.LoadRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        parseResult.InvocationConfiguration.Output.WriteLine($"{CommandLine.Name} {version}");
        return 0;
    }
}
