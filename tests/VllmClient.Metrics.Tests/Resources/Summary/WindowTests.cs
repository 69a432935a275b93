using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class WindowTests
{
    // Ticks are milliseconds: from 2 s to 12 s, with a reading every second.
    static readonly Window Window = new(2000, 12_000, 1000, TimeSpan.FromSeconds(1));

    [Fact]
    public void Lasts_from_its_first_tick_to_its_last()
    {
        Window.Seconds.ShouldBe(10);
        Window.SecondsOf(1500).ShouldBe(1.5);
        new Window(0, 1, 1, TimeSpan.FromSeconds(2)).BridgeSeconds.ShouldBe(6);
    }

    [Theory]
    [InlineData(1999, false)]
    [InlineData(2000, true)]
    [InlineData(12_000, true)]
    [InlineData(12_001, false)]
    public void Holds_both_its_ends(long stamp, bool held) => Window.Holds(stamp).ShouldBe(held);

    [Theory]
    [InlineData(0, 4000, true, 0.5, 1)]
    [InlineData(3000, 5000, true, 0, 1)]
    [InlineData(10_000, 20_000, true, 0, 0.2)]
    [InlineData(1000, 21_000, true, 0.05, 0.55)]
    [InlineData(0, 2000, false, 0, 0)]
    [InlineData(12_000, 13_000, false, 0, 0)]
    [InlineData(0, 1000, false, 0, 0)]
    [InlineData(13_000, 14_000, false, 0, 0)]
    public void Cuts_a_stretch_to_what_lies_within(long start, long end, bool some, double first, double last)
    {
        Window.TryCut(start, end, out var from, out var to).ShouldBe(some);

        (from, to).ShouldBe((first, last));
    }
}
