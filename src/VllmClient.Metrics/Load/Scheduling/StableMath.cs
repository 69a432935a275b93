namespace Vllm.Load;

/// <summary>Elementary functions from additions, multiplications and divisions alone, so that every platform draws the same schedule to the last bit.</summary>
static class StableMath
{
    // The high part ends in zeros, so its product with an exponent is exact.
    const double Ln2High = 6.93147180369123816490e-01;
    const double Ln2Low = 1.90821492927058770002e-10;
    const double HalfSquareRootOfTwo = 0.70710678118654752440;

    /// <summary>The natural logarithm of a positive, normal number.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1022;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000);
        if (mantissa < HalfSquareRootOfTwo)
        {
            mantissa *= 2;
            exponent--;
        }

        // log(m) = 2 atanh(s); with |s| <= 0.172 twelve terms reach the last bit.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var term = 25; term >= 3; term -= 2) series = (series + (1.0 / term)) * square;
        var twice = 2 * s;
        return (exponent * Ln2High) + (twice + ((twice * series) + (exponent * Ln2Low)));
    }
}
