using System.Numerics;
using Vllm.Statistics;

namespace Vllm.Tests.Statistics;

public sealed class BinomialTests
{
    [Theory]
    [InlineData(10, 1, 2)]
    [InlineData(37, 1, 20)]
    [InlineData(300, 1, 100)]
    [InlineData(300, 99, 100)]
    public void Agrees_with_whole_number_arithmetic(int n, int numerator, int denominator)
    {
        var total = BigInteger.Pow(denominator, n);
        BigInteger choose = 1, sum = 0;
        for (var k = 0; k < n; k++)
        {
            sum += choose * BigInteger.Pow(numerator, k) * BigInteger.Pow(denominator - numerator, n - k);
            var exact = (double)new decimal((double)(sum * BigInteger.Pow(10, 25) / total)) / 1e25;

            Binomial.AtMost(n, numerator / (double)denominator, k).ShouldBe(exact, 1e-12);
            Binomial.AtLeast(n, numerator / (double)denominator, k + 1).ShouldBe(1 - exact, 1e-12);
            choose = choose * (n - k) / (k + 1);
        }
    }

    [Fact]
    public void Keeps_its_edges()
    {
        Binomial.AtMost(10, 0.5, -1).ShouldBe(0);
        Binomial.AtMost(10, 0.5, 10).ShouldBe(1);
        Binomial.AtLeast(10, 0.5, 0).ShouldBe(1);
        Binomial.AtLeast(10, 0.5, 11).ShouldBe(0);
        Binomial.AtMost(10, 0, 0).ShouldBe(1);
        Binomial.AtLeast(10, 1, 10).ShouldBe(1);
    }

    [Fact]
    public void A_share_of_nothing_or_of_all_leaves_one_outcome()
    {
        Binomial.AtMost(10, 0, -1).ShouldBe(0);
        Binomial.AtMost(10, 0, 3).ShouldBe(1);
        Binomial.AtLeast(10, 0, 0).ShouldBe(1);
        Binomial.AtLeast(10, 0, 1).ShouldBe(0);
        Binomial.AtMost(10, 1, 9).ShouldBe(0);
        Binomial.AtMost(10, 1, 10).ShouldBe(1);
        Binomial.AtLeast(10, 1, 3).ShouldBe(1);
        Binomial.AtLeast(10, 1, 11).ShouldBe(0);
    }

    [Fact]
    public void Keeps_its_digits_in_a_sample_of_ten_thousand()
    {
        // (1 - 1e-4)^10,000 and, for at most one, the same times (1 + 10,000 / 9,999).
        var none = Math.Pow(1 - 1e-4, 10_000);

        Binomial.AtMost(10_000, 1e-4, 0).ShouldBe(none, 1e-12);
        Binomial.AtMost(10_000, 1e-4, 1).ShouldBe(none * (1 + (10_000.0 / 9_999)), 1e-12);
        Binomial.AtLeast(10_000, 1 - 1e-4, 10_000).ShouldBe(none, 1e-12);
    }
}
