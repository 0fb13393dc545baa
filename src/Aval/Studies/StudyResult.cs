using Aval.Policies;

namespace Aval.Studies;

/// <summary>What one share, or those who consented, came to in one language.</summary>
/// <param name="Name">Which people.</param>
/// <param name="Share">Their share; null = they are no share.</param>
/// <param name="People">How many.</param>
/// <param name="Bytes">How much they wrote.</param>
/// <param name="Level">Bits a byte of the texts held out.</param>
/// <param name="Gap">How much more bits than with everybody, as a part of those.</param>
internal sealed record CurvePoint(
    string Name, Ratio? Share, int People, long Bytes, Estimate Level, Estimate Gap);

/// <summary>A share in one language, judged.</summary>
/// <param name="Share">Which.</param>
/// <param name="Judged">The verdict.</param>
/// <param name="AtPlatform">The gap at the platform's size, if the fitted curve goes on; null = not reckoned.</param>
internal sealed record JudgedShare(Ratio Share, Judged Judged, Estimate? AtPlatform);

/// <summary>A language's results.</summary>
/// <param name="Language">Which.</param>
/// <param name="People">How many are trained on when everybody is.</param>
/// <param name="HeldOut">On how many people's texts, or pieces of text, it was measured.</param>
/// <param name="Curve">Each share, and everybody last; none where people are too few.</param>
/// <param name="Others">Those who consented, and what they are compared with.</param>
/// <param name="Halves">One half of the people against the other: how much more bits.</param>
/// <param name="Shares">The shares that are judged.</param>
internal sealed record LanguageResult(
    string Language, int People, int HeldOut, IReadOnlyList<CurvePoint> Curve, IReadOnlyList<CurvePoint> Others,
    Estimate? Halves, IReadOnlyList<JudgedShare> Shares);

/// <summary>Something of which the answer is known, measured like all else.</summary>
/// <param name="Gap">What was found; null = nothing was measured.</param>
/// <param name="Holds">It is what must come out.</param>
internal sealed record Control(Estimate? Gap, bool Holds);

/// <summary>How many people are of one kind, among all and among those who consented.</summary>
/// <param name="By">By what: country, age, activity, language.</param>
/// <param name="Value">Which; empty = unknown.</param>
/// <param name="Everybody">Among all.</param>
/// <param name="Consenting">Among those who consented.</param>
internal sealed record Kind(string By, string Value, long Everybody, long Consenting);

/// <summary>What is known of those who consented beside all others, and what is not.</summary>
/// <param name="Kinds">How many are of which kind.</param>
/// <param name="Unreached">People of whose kind nobody consented: no weighting speaks for them.</param>
/// <param name="Alone">People who consented and of whose kind nobody else is: they are compared with nobody.</param>
/// <param name="Unknown">People of whom country or age is not known.</param>
internal sealed record Composition(IReadOnlyList<Kind> Kinds, long Unreached, long Alone, long Unknown);

/// <summary>Where a study stands in the ledger, and whether its plan came first.</summary>
/// <param name="PlanEntry">The plan's entry.</param>
/// <param name="EarlierResult">The entry of a result about the same people that was there before the plan; null = there
/// was none.</param>
internal sealed record Standing(long PlanEntry, long? EarlierResult)
{
    /// <summary>Something was known before the plan was written.</summary>
    public bool IsExploratory => EarlierResult is not null;
}

/// <summary>A study's result: the same for the same plan, release and ledger up to its plan.</summary>
internal sealed record StudyResult
{
    /// <summary>The plan.</summary>
    public required StudyPlan Plan { get; init; }

    /// <summary>Where it stands.</summary>
    public required Standing Standing { get; init; }

    /// <summary>NAME/ID of the release.</summary>
    public required string Release { get; init; }

    /// <summary>SHA-256 of its manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>The releases that it was compared with: NAME/ID, and SHA-256 of the manifest.</summary>
    public required IReadOnlyList<(string Release, string Manifest)> ComparedWith { get; init; }

    /// <summary>How many people are in it.</summary>
    public required int People { get; init; }

    /// <summary>How many of them were held out.</summary>
    public required int HeldOutPeople { get; init; }

    /// <summary>How many consented.</summary>
    public required int ConsentingPeople { get; init; }

    /// <summary>By language.</summary>
    public required IReadOnlyList<LanguageResult> Languages { get; init; }

    /// <summary>The gap of each share over all languages.</summary>
    public required IReadOnlyList<(Ratio Share, Estimate Gap)> Together { get; init; }

    /// <summary>About each judged share in all languages.</summary>
    public required IReadOnlyList<Joint> Joint { get; init; }

    /// <summary>A share that is known to be too small.</summary>
    public required Control TooSmall { get; init; }

    /// <summary>Two halves of the same.</summary>
    public required Control Halves { get; init; }

    /// <summary>Who consented, beside everybody.</summary>
    public required Composition Composition { get; init; }

    /// <summary>Both controls hold: without that a study shows nothing.</summary>
    public bool Shows => TooSmall.Holds && Halves.Holds;
}
