using System.Numerics;

namespace Aval.Models;

/// <summary>
/// An n-gram w₁…wₙ as one number: its context with the nearest symbol first, then the symbol that follows it:
/// (wₙ₋₁, …, w₁, wₙ). In the order of these numbers the n-grams of one context lie together, and so do the contexts
/// that end alike: counts of every lower order, and what backs off to them, come from reading once from beginning to
/// end, without sorting anything again.
/// </summary>
/// <typeparam name="TKey">64 bits for bytes, 128 for characters and words.</typeparam>
internal static class Ngram<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    /// <summary>The context that stands before a text: n − 1 times its start.</summary>
    public static TKey StartOf(ModelForm form)
    {
        var context = TKey.Zero;
        for (var at = 1; at < form.Order; at++)
            context = (context << form.Width) | TKey.CreateTruncating(form.Start);
        return context;
    }

    /// <summary>The context after one more symbol.</summary>
    /// <param name="context">Of the highest order.</param>
    /// <param name="symbol">What came.</param>
    /// <param name="form">The form.</param>
    public static TKey After(TKey context, uint symbol, ModelForm form) => form.Order < 2
        ? TKey.Zero
        : (context >> form.Width) | (TKey.CreateTruncating(symbol) << (form.Width * (form.Order - 2)));

    /// <summary>A context's symbol: the last is that which stands farthest back.</summary>
    /// <param name="context">The context.</param>
    /// <param name="farther">How many symbols of it stand still farther back.</param>
    /// <param name="width">Bits of a symbol.</param>
    public static uint SymbolAt(TKey context, int farther, int width) =>
        uint.CreateTruncating(context >> (farther * width)) & (uint)((1ul << width) - 1);

    /// <summary>
    /// It begins with the start of a text twice, so that it is no n-gram of its order: how often it was seen is how
    /// often the shorter one was, from which no left neighbour tells it apart.
    /// </summary>
    /// <param name="context">The context of an n-gram.</param>
    /// <param name="order">Of the n-gram.</param>
    /// <param name="form">The form.</param>
    public static bool IsPadding(TKey context, int order, ModelForm form) => order >= 3
        && SymbolAt(context, 0, form.Width) == form.Start && SymbolAt(context, 1, form.Width) == form.Start;

    /// <summary>Where it is looked for.</summary>
    public static ulong Hash(TKey key)
    {
        var low = ulong.CreateTruncating(key);
        if (typeof(TKey) == typeof(UInt128))
            low ^= BitOperations.RotateLeft(ulong.CreateTruncating(key >> 64) * 0xD6E8FEB86659FD93, 29);
        low *= 0x9E3779B97F4A7C15;
        return low ^ (low >> 32);
    }
}
