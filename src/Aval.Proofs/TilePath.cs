using System.Globalization;

namespace Aval.Proofs;

/// <summary>Where tiles lie below a log's directory, and how wide they are (C2SP tlog-tiles, height 8).</summary>
public static class TilePath
{
    /// <summary>log2 of <see cref="Width"/>.</summary>
    public const int Height = 8;

    /// <summary>Hashes in a full tile, entries in a full bundle.</summary>
    public const int Width = 1 << Height;

    /// <summary>The level that stands for entry bundles.</summary>
    public const int Entries = -1;

    /// <summary><c>tile/L/N[.p/W]</c>, or <c>tile/entries/N[.p/W]</c>.</summary>
    /// <param name="level">0–7 (of 256-fold subtrees), or <see cref="Entries"/>.</param>
    /// <param name="number">Which tile of the level.</param>
    /// <param name="width">How many hashes or entries it holds, 1–256.</param>
    public static string Of(int level, long number, int width)
    {
        var text = (number % 1000).ToString("D3", CultureInfo.InvariantCulture);
        for (var rest = number / 1000; rest > 0; rest /= 1000)
            text = $"x{(rest % 1000).ToString("D3", CultureInfo.InvariantCulture)}/{text}";
        var name = level == Entries ? "entries" : level.ToString(CultureInfo.InvariantCulture);
        var partial = width == Width ? "" : ".p/" + width.ToString(CultureInfo.InvariantCulture);
        return $"tile/{name}/{text}{partial}";
    }

    /// <summary>How many hashes a level has in a log of <paramref name="size"/> entries: full subtrees only.</summary>
    public static long HashesAt(int level, long size) => level == Entries ? size : size >> (Height * level);

    /// <summary>
    /// How wide tile <paramref name="number"/> of a level is in a log of <paramref name="size"/> entries; 0 = it is not
    /// there.
    /// </summary>
    public static int WidthAt(int level, long number, long size) =>
        (int)Math.Clamp(HashesAt(level, size) - (number << Height), 0, Width);
}
