using System.Reflection;
using PublicApiGenerator;

namespace Vllm.Tests.Repository.Api;

public sealed class ApiApprovalTests
{
    const string Folder = "tests/VllmClient.RepositoryTests/Api";

    [Theory]
    [InlineData("VllmClient")]
    [InlineData("VllmClient.Metrics")]
    [InlineData("VllmClient.Simulator")]
    public void The_public_api_is_the_approved_one(string package)
    {
        var approved = $"{Folder}/{package}.approved.txt";
        var received = $"artifacts/api/{package}.received.txt";
        var before = File.Exists(Repository.PathOf(approved)) ? Repository.Read(approved) : "";
        var now = Describe(Assembly.Load(package));

        if (now == before) return;

        Directory.CreateDirectory(Repository.PathOf("artifacts/api"));
        File.WriteAllText(Repository.PathOf(received), now);
        Assert.Fail($"The public API of {package} changed:\n{string.Join('\n', LineDiff.Between(before, now))}\n\nIf that is meant, add a line to CHANGELOG.md and run\n  cp {received} {approved}");
    }

    [Fact]
    public void Extension_members_and_types_in_foreign_namespaces_appear()
    {
        var text = Describe(typeof(Planted.PlantedExtensions).Assembly, typeof(Planted.PlantedExtensions), typeof(Microsoft.Extensions.Planted.PlantedRegistration));

        text.ShouldContain("PlantedMember");
        text.ShouldContain("extension(");
        text.ShouldContain("AddPlanted");
        text.ShouldNotContain("IteratorStateMachine");
    }

    [Fact]
    public void A_planted_change_is_shown_as_a_line_diff() =>
        LineDiff.Between("class A\n{\n  int B();\n}", "class A\n{\n  long B();\n}").ShouldBe(["  {", "+   long B();", "-   int B();"]);

    static string Describe(Assembly assembly, params Type[] only) =>
        assembly.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = [],
            ExcludeAttributes = ["System.Runtime.CompilerServices.IteratorStateMachineAttribute", "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
            IncludeTypes = only.Length == 0 ? null : only,
        }).ReplaceLineEndings("\n").TrimEnd() + "\n";
}
