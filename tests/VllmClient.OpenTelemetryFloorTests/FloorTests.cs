using System.Reflection;
using OpenTelemetry;

namespace Vllm.Tests.Floor;

public sealed class FloorTests
{
    [Fact]
    public void Check_12_these_tests_run_on_the_oldest_sdk() =>
        typeof(Sdk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.ShouldStartWith("1.19.0");
}
