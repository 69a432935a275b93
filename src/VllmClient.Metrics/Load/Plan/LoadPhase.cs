using System.Text.Json.Serialization;

namespace Vllm.Load;

/// <summary>One part of a run: a number of users, a rate of arrivals, or a pause.</summary>
/// <remarks>A turn belongs to the phase it was due in, whenever it ends. Phases follow each other without a gap.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UsersPhase), "users")]
[JsonDerivedType(typeof(RatePhase), "rate")]
[JsonDerivedType(typeof(PausePhase), "pause")]
[JsonDerivedType(typeof(AutoPhase), "auto")]
public abstract record LoadPhase
{
    private protected LoadPhase() { }

    /// <summary>The phase's name in reports; null takes the factory's word, and a repeat gets <c>-2</c>, <c>-3</c>.</summary>
    public string? Name { get; init; }

    /// <summary>How the turns of a rate arrive. Default: <see cref="Arrivals.Poisson"/>; users ignore it.</summary>
    public Arrivals Arrivals { get; init; }

    /// <summary>Time over which the first turns of the users are spread, 0 or more; rates ignore it. Default: 1 second.</summary>
    /// <remarks>Users that all start at once march in step and see several times the latency that scattered users would.</remarks>
    public TimeSpan Spread { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The warm-up that fits the first phase: its level for 10 seconds, or one request for each of a counted number of users.</summary>
    public static LoadPhase Auto { get; } = new AutoPhase();

    /// <summary>A fixed number of users, each of whom sends the next request when the last is answered, until a number of requests is sent.</summary>
    /// <param name="count">Users, at least 1.</param>
    /// <param name="requests">Requests of all users together, at least 1.</param>
    public static LoadPhase Users(int count, int requests) => new UsersPhase { Count = count, Requests = requests };

    /// <summary>A fixed number of users, each of whom sends the next request when the last is answered, for some time.</summary>
    /// <param name="count">Users, at least 1.</param>
    /// <param name="duration">How long requests are sent; above 0.</param>
    public static LoadPhase Users(int count, TimeSpan duration) => new UsersPhase { Count = count, Duration = duration };

    /// <summary>Requests at a rate, whether or not earlier ones are answered, until a number of them is sent.</summary>
    /// <param name="perSecond">Requests per second, above 0.</param>
    /// <param name="requests">Requests, at least 1.</param>
    public static LoadPhase Rate(double perSecond, int requests) => new RatePhase { PerSecond = perSecond, Requests = requests };

    /// <summary>Requests at a rate, whether or not earlier ones are answered, for some time.</summary>
    /// <param name="perSecond">Requests per second, above 0.</param>
    /// <param name="duration">How long requests are sent; above 0.</param>
    public static LoadPhase Rate(double perSecond, TimeSpan duration) => new RatePhase { PerSecond = perSecond, Duration = duration };

    /// <summary>Time in which nothing is sent; running turns go on.</summary>
    /// <param name="duration">How long; above 0.</param>
    public static LoadPhase Pause(TimeSpan duration) => new PausePhase { Duration = duration };
}
