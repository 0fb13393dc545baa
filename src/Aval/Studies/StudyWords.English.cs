namespace Aval.Studies;

/// <inheritdoc/>
internal sealed class StudyWordsEnglish : StudyWords
{
    public override string Title => "Necessity";

    public override string Found => "What came out";

    public override string WhoConsented => "Who consents is no random share";

    public override string DoesNotFollow => "What does not follow";

    public override string Origin => "Origin";

    protected override char Point => '.';

    public override string Limits =>
        "The models are small ones of the same kind (interpolated modified Kneser-Ney): they show how much the texts "
        + "of more people add to foretelling other people's texts. They do not show what a large model would do with "
        + "them: it learns other things from the same texts, reads other texts beside them, and may need more or "
        + "fewer people. A gap found here says that the texts of these people are not interchangeable at this size; "
        + "no gap says that nothing was missing for this task. Neither is a legal judgment.";

    public override string CannotWeigh =>
        "Weighed are language, country, age band and activity. What nobody recorded cannot be weighed: what people "
        + "write about, how, what they think, and why they said yes.";

    public override string Extrapolated =>
        "The gap at the platform's size is that of a curve fitted to what was measured (floor + scale · people^−rate), "
        + "and holds only if the curve goes on beyond it, which nothing here shows.";

    public override string ShowsNothing => "A control failed: this study shows nothing.";

    public override string Of(Verdict verdict) => verdict switch
    {
        Verdict.Sufficient => "sufficient",
        Verdict.Insufficient => "insufficient",
        Verdict.NotShown => "not shown at this size",
    };

    public override string Asked(StudyResult result) =>
        $"Of the {Count(result.People)} people in the release {result.Release}, {Count(result.HeldOutPeople)} were "
        + "held out with all that they wrote. Models read the texts of shares of the others, drawn by person; the "
        + "texts held out say how well each foretells what people write. "
        + $"{Count(result.ConsentingPeople)} people have consented.";

    public override string Joint(
        string share, Verdict verdict, IReadOnlyList<string> sufficient, IReadOnlyList<string> insufficient,
        IReadOnlyList<string> notShown) =>
        $"{share} of the people, in all languages studied: {Of(verdict)}.{Some("Sufficient in", sufficient)}"
        + $"{Some("Insufficient in", insufficient)}{Some("Not shown at this size in", notShown)}";

    public override string Margin(StudyResult result) =>
        $"Sufficient means: at most {Percent(StudyPlan.Number(result.Plan.Margin))} more bits than with everybody, at "
        + $"a confidence of {Percent(StudyPlan.Number(result.Plan.Confidence))} (single languages with Holm's "
        + "correction). A language in which a gap of "
        + $"{Percent(StudyPlan.Number(result.Plan.SmallestGap))} could not have been found with a probability of "
        + $"{Percent(StudyPlan.Number(result.Plan.Power))} shows nothing.";

    public override string Exploratory(Standing standing) =>
        $"Exploratory: a result about the same people (entry {Count(standing.EarlierResult ?? 0)}) was there before "
        + $"this plan (entry {Count(standing.PlanEntry)}).";

    public override string Weighed(StudyResult result) =>
        $"The models of those who consented stand beside as many people drawn at random, and beside as many drawn so "
        + "that they are alike in country, age band and activity, language by language. "
        + $"{Count(result.Composition.Unreached)} people are of a kind of which nobody consented: no weighting speaks "
        + $"for them. {Count(result.Composition.Alone)} who consented are of a kind of which nobody else is. Of "
        + $"{Count(result.Composition.Unknown)} country or age is not known.";

    public override string Compared(string language, string consenting, string asMany, string alike) =>
        $"{language}: gap of those who consented {consenting}; of as many drawn at random {asMany}; of as many drawn "
        + $"alike {alike}.";

    public override string OriginOf(StudyResult result) =>
        $"Plan {result.Plan.Sha256}, entry {Count(result.Standing.PlanEntry)} of the ledger; release "
        + $"{result.Release}, manifest {result.Manifest}.";
}
