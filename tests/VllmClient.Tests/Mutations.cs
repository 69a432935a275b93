namespace Vllm.Tests;

/// <summary>Spoils recorded bytes as a broken network or gateway might.</summary>
static class Mutations
{
    internal static byte[] Of(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                default: bytes[at] = (byte)"{}[]\":,0-e\\\n\r n"[random.Next(15)]; break;
            }
        }

        return [.. bytes];
    }
}
