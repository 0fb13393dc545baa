using System.Globalization;
using System.Numerics;
using System.Text;
using Aval.Content;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Tests.Oracles;

/// <summary>
/// docs/formats/policy.md, "A share": who is drawn under a key of zeros, which is that of the engine in tests.
/// </summary>
internal static class Draw
{
    private static readonly WorkspaceKey Key = new(new byte[WorkspaceKey.Size]);

    /// <summary>Whether a share takes a person, who is the least of all accounts that links connect.</summary>
    public static bool Takes(Rule.Share share, string person)
    {
        var seed = share.Seed.ToString(CultureInfo.InvariantCulture);
        var hash = Key.Draws.Hash(Encoding.UTF8.GetBytes($"{seed}\0{person}")).Low >> 2;
        // Over whole numbers of any size, and not by a bound that somebody rounded.
        return (new BigInteger(hash) + 1) * share.AtMost.Whole <= share.AtMost.Part * BigInteger.Pow(2, 62);
    }

    /// <summary>The first share of one half whose seed draws the one and not the other.</summary>
    public static Rule.Share OneHalf(string drawn, string other) => Enumerable.Range(1, 1_000)
        .Select(seed => new Rule.Share(null, new Ratio(5, 10), DrawnOf.Persons, seed))
        .First(share => Takes(share, drawn) && !Takes(share, other));
}
