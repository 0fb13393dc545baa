namespace Aval.Text.Duplicates;

/// <summary>
/// Numbers from 0 in sets that are joined (Galler and Fischer 1964): each set is known by its least, in whatever order
/// they are joined.
/// </summary>
/// <param name="count">How many numbers; each is a set of its own at first.</param>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _above = [.. Enumerable.Range(0, count)];

    /// <summary>The least number of a number's set.</summary>
    public int LeastOf(int number)
    {
        while (_above[number] != number)
            number = _above[number] = _above[_above[number]];
        return number;
    }

    /// <summary>Makes one set of those of two numbers.</summary>
    public void Join(int one, int other)
    {
        (one, other) = (LeastOf(one), LeastOf(other));
        _above[Math.Max(one, other)] = Math.Min(one, other);
    }
}
