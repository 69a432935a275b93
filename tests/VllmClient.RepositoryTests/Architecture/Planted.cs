using System.Text;

// Violations that the checker must find: a pretended room that may not touch System.Text, and does.
namespace Vllm.Tests.Repository.Planted;

sealed class PlantedInAsyncMethod
{
    public static async Task<int> Run(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var hidden = new StringBuilder();
        cancellationToken.ThrowIfCancellationRequested();
        return hidden.Length;
    }
}

sealed class PlantedInIterator
{
    public static IEnumerable<int> Run()
    {
        yield return 1;
        yield return new StringBuilder().Length;
    }
}

sealed class PlantedInAsyncIterator
{
    public static async IAsyncEnumerable<int> Run()
    {
        await Task.Yield();
        yield return Encoding.UTF8.CodePage;
    }
}

sealed class PlantedInLambda
{
    public static readonly Func<int> Run = () => new StringBuilder().Length;
}

sealed class PlantedInLocalFunction
{
    public static int Run()
    {
        return Inner();

        static int Inner() => new StringBuilder().Length;
    }
}

sealed class PlantedInGenericArgument
{
    public static object Run() => new List<StringBuilder>();
}

sealed class PlantedInTypeOf
{
    public static Type Run() => typeof(StringBuilder);
}

sealed class PlantedInSignature
{
    public static StringBuilder? Run(string text) => text.Length == 0 ? null : default;
}

sealed class PlantedInProperty
{
    public StringBuilder? Property { get; set; }
}

sealed class PlantedInCatch
{
    public static bool Run(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

sealed class PlantedInBaseType : DecoderFallback
{
    public override int MaxCharCount => 0;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => throw new NotSupportedException();
}

sealed class PlantedInNothing
{
    public static int Run() => 1;
}

sealed class PlantedUseOfAnotherRoom
{
    public static int Run() => PlantedInNothing.Run();
}
