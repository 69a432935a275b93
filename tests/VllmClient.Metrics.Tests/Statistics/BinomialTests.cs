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
}
