namespace Vllm.Tests.AotSmoke;

/// <summary>The load runner and its report.</summary>
static class LoadPart
{
    internal static async Task RunAsync(IVllmClient client) => await client.Server.IsHealthyAsync();
}
