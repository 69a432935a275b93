using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class LoadRandomTests
{
    [Fact]
    public void Draws_the_same_numbers_everywhere()
    {
        var random = new LoadRandom(1, RandomPurpose.Arrivals, 0);

        ulong[] drawn = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];

        // Worked out by an independent implementation.
        drawn.ShouldBe([13256342534926035484UL, 7510576749078742459UL, 7533284629218999094UL]);
    }

    [Fact]
    public void Every_member_stays_in_its_range_and_reaches_its_ends()
    {
        var random = new LoadRandom(1, RandomPurpose.Turn, 3);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
        {
            seen.Add(random.Next(3));
            seen.Add(random.Next(10, 13));
            random.NextDouble().ShouldBeInRange(0, 1);
            random.NextSingle().ShouldBeInRange(0, 1);
            random.NextInt64(-5, 5).ShouldBeInRange(-5, 4);
            random.NextInt64(7).ShouldBeInRange(0, 6);
            random.Next().ShouldBeGreaterThanOrEqualTo(0);
            random.NextInt64().ShouldBeGreaterThanOrEqualTo(0);
        }

        seen.Order().ShouldBe([0, 1, 2, 10, 11, 12]);
        Should.Throw<ArgumentOutOfRangeException>(() => random.Next(-1));
    }

    [Fact]
    public void Fills_bytes_from_the_stream()
    {
        var whole = new byte[20];
        var again = new byte[20];

        new LoadRandom(9, RandomPurpose.Turn, 0).NextBytes(whole);
        new LoadRandom(9, RandomPurpose.Turn, 0).NextBytes(again.AsSpan());

        whole.ShouldBe(again);
        whole.Distinct().Count().ShouldBeGreaterThan(10);
    }
}
