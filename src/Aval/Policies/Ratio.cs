using System.Globalization;

namespace Aval.Policies;

/// <summary>
/// A part of a whole, as a policy writes it: <c>0.8</c> is 8 of 10, exactly. Compared in whole numbers, since sums of
/// floating point differ between processors.
/// </summary>
/// <param name="Part">At least 0, at most <paramref name="Whole"/>.</param>
/// <param name="Whole">A power of ten.</param>
public readonly record struct Ratio(int Part, int Whole)
{
    private const int MostDigits = 4;

    /// <summary>Reads one: <c>0.8</c>, <c>0.85</c>, <c>1</c>.</summary>
    internal static bool TryParse(string text, out Ratio ratio)
    {
        ratio = new Ratio(1, 1);
        if (text is "1" or "1.0")
            return true;
        if (!text.StartsWith("0.", StringComparison.Ordinal) || text.Length is < 3 or > MostDigits + 2
            || !int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var part))
            return false;
        var whole = 1;
        for (var digit = 2; digit < text.Length; digit++)
            whole *= 10;
        ratio = new Ratio(part, whole);
        return true;
    }

    /// <summary>Whether this many of so many are at least that part.</summary>
    internal bool IsReached(long part, long whole) => part * Whole >= whole * Part;

    /// <summary>Whether it is at least another.</summary>
    internal bool IsAtLeast(Ratio other) => (long)Part * other.Whole >= (long)other.Part * Whole;

    /// <inheritdoc/>
    public override string ToString() => Part == Whole
        ? "1"
        : "0." + Part.ToString(CultureInfo.InvariantCulture).PadLeft(
            Whole.ToString(CultureInfo.InvariantCulture).Length - 1, '0');

    /// <summary>As sentences say it: <c>80 %</c>, <c>82.5 %</c>.</summary>
    internal string ToPercent() => string.Create(CultureInfo.InvariantCulture, $"{Part * 100m / Whole:0.##} %");
}
