using System.Text;

namespace Vllm.Testing;

/// <summary>One step of a scripted server's answer.</summary>
public abstract record ServerStep
{
    ServerStep() { }

    public static ServerStep Send(ReadOnlyMemory<byte> bytes) => new SendStep(bytes);

    public static ServerStep Send(string text) => new SendStep(Encoding.UTF8.GetBytes(text));

    public static ServerStep Until(Task signal) => new UntilStep(signal);

    public static ServerStep Do(Action action) => new DoStep(action);

    /// <summary>Pauses as a recorded server did.</summary>
    public static ServerStep Pause(TimeSpan time) => new PauseStep(time);

    /// <summary>Waits until the client closes, sending nothing.</summary>
    public static ServerStep Hang { get; } = new HangStep();

    public static ServerStep Close { get; } = new CloseStep();

    /// <summary>Ends the connection with a reset instead of a proper close.</summary>
    public static ServerStep Reset { get; } = new ResetStep();

    internal sealed record SendStep(ReadOnlyMemory<byte> Bytes) : ServerStep;

    internal sealed record UntilStep(Task Signal) : ServerStep;

    internal sealed record DoStep(Action Action) : ServerStep;

    internal sealed record PauseStep(TimeSpan Time) : ServerStep;

    internal sealed record HangStep : ServerStep;

    internal sealed record CloseStep : ServerStep;

    internal sealed record ResetStep : ServerStep;
}
