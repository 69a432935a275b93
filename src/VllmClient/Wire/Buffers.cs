using System.Buffers;

namespace Vllm.Wire;

/// <summary>Arrays that grow with what arrives.</summary>
/// <remarks>
/// Up to a megabyte they are rented and double. Larger ones are allocated, quadruple, and are left to the garbage collector:
/// the shared pool would keep an array of every size that was passed through, long after the one answer that needed it.
/// </remarks>
static class Buffers
{
    internal const int LargestRented = 1024 * 1024;

    /// <summary>An array of at least this length, with any content.</summary>
    internal static T[] Rent<T>(int length) where T : unmanaged =>
        length <= LargestRented ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);

    internal static void Return<T>(T[] array) where T : unmanaged
    {
        if (array.Length is > 0 and <= LargestRented) ArrayPool<T>.Shared.Return(array);
    }

    /// <summary>A larger array with the same beginning; the old one is given back.</summary>
    /// <param name="array">The old one, shorter than <paramref name="limit"/>.</param>
    /// <param name="kept">How much of it is copied.</param>
    /// <param name="limit">The greatest length that the new one is asked for.</param>
    internal static T[] Grow<T>(T[] array, int kept, int limit) where T : unmanaged
    {
        var wanted = array.Length * (array.Length < LargestRented ? 2L : 4L);
        // A last step that only just misses the limit would be followed by a second copy of nearly the same size.
        var larger = Rent<T>(wanted > limit / 2 ? limit : (int)wanted);
        array.AsSpan(0, kept).CopyTo(larger);
        Return(array);
        return larger;
    }
}
