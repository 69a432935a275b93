namespace Vllm.Testing;

/// <summary>What one step of the script does: bytes for the reader, or something that happens before the next bytes.</summary>
public sealed class BodyStep
{
    BodyStep() { }

    internal ReadOnlyMemory<byte> Bytes { get; private init; }

    internal Action? Action { get; private init; }

    internal Func<CancellationToken, Task>? Wait { get; private init; }

    public static BodyStep Data(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };

    public static BodyStep Text(string text) => new() { Bytes = System.Text.Encoding.UTF8.GetBytes(text) };

    /// <summary>Acts inside the read, for instance moves a clock.</summary>
    public static BodyStep Do(Action action) => new() { Action = action };

    /// <summary>Waits inside the read.</summary>
    public static BodyStep Until(Task signal) => new() { Wait = signal.WaitAsync };

    /// <summary>Waits inside the read, in view of the reader's own token.</summary>
    public static BodyStep Until(Func<CancellationToken, Task> wait) => new() { Wait = wait };

    /// <summary>Never returns; only cancellation ends the read.</summary>
    public static BodyStep Hang() => new() { Wait = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) };

    public static BodyStep Fail(Exception exception) => new() { Wait = _ => Task.FromException(exception) };

    public static implicit operator BodyStep(string text) => Text(text);

    public static implicit operator BodyStep(ReadOnlyMemory<byte> bytes) => Data(bytes);

    public static BodyStep FromString(string text) => Text(text);

    public static BodyStep FromReadOnlyMemory(ReadOnlyMemory<byte> bytes) => Data(bytes);
}
