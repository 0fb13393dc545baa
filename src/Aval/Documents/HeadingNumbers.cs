using System.Globalization;

namespace Aval.Documents;

/// <summary>Counts headings by their place: 1, 1.1, 1.1.1, 2. A heading with a template's number is not
/// counted.</summary>
internal sealed class HeadingNumbers
{
    /// <summary>How deep headings go.</summary>
    public const int Levels = 3;

    private readonly int[] _counts = new int[Levels];

    /// <summary>The number of the next heading.</summary>
    public string Next(Heading heading)
    {
        if (heading.Level is < 1 or > Levels)
            throw new InvalidOperationException($"A heading is of level 1 to {Levels}, not {heading.Level}.");
        if (heading.Number is { } own)
            return own;
        _counts[heading.Level - 1]++;
        Array.Clear(_counts, heading.Level, Levels - heading.Level);
        return string.Join(
            '.', _counts.Take(heading.Level).Select(count => count.ToString(CultureInfo.InvariantCulture)));
    }
}
