namespace Aval.Studies;

/// <summary>What a study found about a share of the people.</summary>
internal enum Verdict
{
    /// <summary>The texts of this share foretell others' within the margin as well as everybody's do.</summary>
    Sufficient,

    /// <summary>They do not.</summary>
    Insufficient,

    /// <summary>Neither can be told from so few people, or so small a gap could not have been found.</summary>
    NotShown,
}

/// <summary>One statement about one language and one share, before it is judged.</summary>
/// <param name="Language">The language.</param>
/// <param name="Share">The share.</param>
/// <param name="Gap">The gap to everybody; null = there are too few people.</param>
/// <param name="Smallest">The smallest gap that could have been found.</param>
internal sealed record Claim(string Language, string Share, Estimate? Gap, double Smallest);

/// <summary>A statement that was judged.</summary>
/// <param name="Claim">Which.</param>
/// <param name="P">What speaks against it by chance alone; 1 where nothing was measured.</param>
/// <param name="Adjusted">The same with Holm's correction.</param>
/// <param name="Verdict">What is said of this language alone.</param>
internal sealed record Judged(Claim Claim, double P, double Adjusted, Verdict Verdict);

/// <summary>What is said of all languages together, about one share.</summary>
/// <param name="Share">The share.</param>
/// <param name="Verdict">Sufficient only if it is in each of them.</param>
/// <param name="Against">The languages that keep it from being so.</param>
internal sealed record Joint(string Share, Verdict Verdict, IReadOnlyList<string> Against);

/// <summary>
/// Verdicts against the margin that the plan stated. Statements about single languages are many, and one of many is
/// wrong by chance: Holm's correction (1979) holds for all of them together. The joint statement says that a share is
/// enough in every language, so it is wrong only if one of them is wrong, and needs no correction
/// (intersection–union, Berger 1982).
/// </summary>
/// <param name="Margin">The gap that counts as none.</param>
/// <param name="SmallestGap">A language in which no gap so small could be found shows nothing.</param>
/// <param name="Confidence">Of all statements about single languages together, and of the joint one.</param>
internal sealed record Judging(double Margin, double SmallestGap, double Confidence)
{
    /// <summary>Judges each language by itself.</summary>
    public IReadOnlyList<Judged> Each(IReadOnlyList<Claim> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        var alone = claims.Select(P).ToArray();
        var adjusted = Holm(alone);
        return
        [
            .. claims.Select((claim, at) =>
                new Judged(claim, alone[at], adjusted[at], Judge(claim, adjusted[at]))),
        ];
    }

    /// <summary>Judges a share in all languages together.</summary>
    /// <param name="share">The share.</param>
    /// <param name="judged">Each language by itself.</param>
    public Joint All(string share, IReadOnlyList<Judged> judged)
    {
        ArgumentNullException.ThrowIfNull(judged);
        var own = judged.Where(one => one.Claim.Share == share).ToArray();
        string[] Those(Func<Judged, bool> which) => [.. own.Where(which).Select(one => one.Claim.Language)];
        // One language in which it is not enough makes "in all" wrong; that one is a single statement, and corrected.
        if (Those(one => one.Verdict is Verdict.Insufficient) is { Length: > 0 } insufficient)
            return new Joint(share, Verdict.Insufficient, insufficient);
        var open = Those(one => Judge(one.Claim, one.P) is not Verdict.Sufficient);
        return new Joint(
            share, open.Length == 0 && own.Length > 0 ? Verdict.Sufficient : Verdict.NotShown, open);
    }

    /// <summary>
    /// Holm's correction: the smallest of m counts m times, the next m − 1 times, and none less than one before it.
    /// </summary>
    internal static double[] Holm(IReadOnlyList<double> alone)
    {
        var adjusted = new double[alone.Count];
        var before = 0.0;
        foreach (var (at, rank) in Enumerable.Range(0, alone.Count).OrderBy(at => alone[at]).ThenBy(at => at)
            .Select((at, rank) => (at, rank)))
            adjusted[at] = before = Math.Max(before, Math.Min(1, alone[at] * (alone.Count - rank)));
        return adjusted;
    }

    private double P(Claim claim) => claim.Gap?.Against(Margin) ?? 1;

    private Verdict Judge(Claim claim, double p)
    {
        if (claim.Gap is not { } gap || claim.Smallest > SmallestGap || p > 1 - Confidence)
            return Verdict.NotShown;
        return gap.Value < Margin ? Verdict.Sufficient : Verdict.Insufficient;
    }
}
