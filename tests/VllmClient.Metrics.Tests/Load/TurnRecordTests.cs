using System.Runtime.CompilerServices;
using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class TurnRecordTests
{
    [Fact]
    public void Takes_at_most_96_bytes() => Unsafe.SizeOf<TurnRecord>().ShouldBeLessThanOrEqualTo(96);

    [Fact]
    public void Tells_absent_from_zero()
    {
        var empty = new TurnRecord();
        var zero = new TurnRecord { Begun = 0, Sent = 0, FirstContent = 0, LastContent = 0, Ended = 0, CeilingWait = 0, InputTokens = 0, OutputTokens = 0, CachedTokens = 0, Chunks = 0, User = 0, LongestGap = 0, ErrorIndex = 0 };

        object?[] absent = [empty.Begun, empty.Sent, empty.FirstContent, empty.LastContent, empty.Ended, empty.CeilingWait, empty.InputTokens, empty.OutputTokens, empty.CachedTokens, empty.Chunks, empty.User, empty.LongestGap, empty.ErrorIndex, empty.FirstChunkTokens, empty.Attempts, empty.Calls];
        object?[] present = [zero.Begun, zero.Sent, zero.FirstContent, zero.LastContent, zero.Ended, zero.CeilingWait, zero.InputTokens, zero.OutputTokens, zero.CachedTokens, zero.Chunks, zero.User, zero.LongestGap, zero.ErrorIndex];

        absent.ShouldAllBe(v => v == null);
        present.ShouldAllBe(v => v != null);
    }

    [Theory]
    [InlineData(TurnOutcome.Completed)]
    [InlineData(TurnOutcome.Dropped)]
    public void Keeps_the_outcome_beside_the_flag_of_several_choices(TurnOutcome outcome)
    {
        var record = new TurnRecord { HasSeveralChoices = true, Outcome = outcome };

        record.Outcome.ShouldBe(outcome);
        record.HasSeveralChoices.ShouldBeTrue();
        (record with { HasSeveralChoices = false }).Outcome.ShouldBe(outcome);
    }
}
