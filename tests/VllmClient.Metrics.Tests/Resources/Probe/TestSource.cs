using Vllm.Resources;

namespace Vllm.Tests.Resources;

/// <summary>A source that gives what the test says.</summary>
sealed class TestSource(string name, string target, Func<CancellationToken, ValueTask<ResourceReading>> read) : IResourceSource
{
    public TestSource(string name, string target, Func<ResourceReading> read) : this(name, target, _ => new(read())) { }

    public string Name => name;

    public string Target => target;

    public int Reads { get; private set; }

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        Reads++;
        return read(cancellationToken);
    }
}
