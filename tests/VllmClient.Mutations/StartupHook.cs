using Vllm.Tests.Mutations.Serving;

/// <summary>What .NET runs before the main method of a program that DOTNET_STARTUP_HOOKS points here. The runtime asks for a type of this name without a namespace.</summary>
static class StartupHook
{
    public static void Initialize() => TestServer.RunIfAsked();
}
