namespace Vllm.Wire;

/// <summary>Writes requests that change the server.</summary>
static class ServerWriter
{
    internal static byte[] LoadLora(string name, string path, bool? loadInPlace) => RequestWriter.Write(null, null, body =>
    {
        body.String("lora_name", name);
        body.String("lora_path", path);
        body.Boolean("load_inplace", loadInPlace);
    });

    internal static byte[] UnloadLora(string name) => RequestWriter.Write(null, null, body => body.String("lora_name", name));
}
