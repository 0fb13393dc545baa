namespace Aval.Choices;

/// <summary>
/// What the choices add up to for one account or item, one purpose and one instant. (Not "standing": to a lawyer that
/// is the right to sue.)
/// </summary>
/// <param name="ObjectedSince">An objection stands, since then; null = none does.</param>
/// <param name="RestrictedAt">A restriction stands, since then.</param>
/// <param name="ErasedTo">What was created at or before it is erased.</param>
/// <param name="Consent">The statement that decides the consent pair: consent, withdrawal or refusal; null = none was
/// made.</param>
/// <param name="ConsentUntil">When that consent ends; null = it does not.</param>
/// <param name="MayCombine">A valid consent to combining services stands.</param>
/// <param name="Removed">Somebody asked for this item's removal.</param>
/// <param name="MayReveal">A valid explicit consent to the use of special categories stands.</param>
internal sealed record Stance(
    DateTimeOffset? ObjectedSince,
    DateTimeOffset? RestrictedAt,
    DateTimeOffset? ErasedTo,
    ChoiceKind? Consent,
    DateTimeOffset? ConsentUntil,
    bool MayCombine,
    bool Removed,
    bool MayReveal)
{
    /// <summary>When nothing that was said covers the subject.</summary>
    public static Stance Nothing { get; } = new(null, null, null, null, null, false, false, false);
}

/// <summary>Which of the statements that cover a subject is behind what was decided of it.</summary>
internal enum Cites
{
    /// <summary>None: no choice decided.</summary>
    Nothing,

    /// <summary>The erasure that reaches furthest.</summary>
    Erasure,

    /// <summary>The latest restriction.</summary>
    Restriction,

    /// <summary>The latest objection.</summary>
    Objection,

    /// <summary>The latest word on consent.</summary>
    Consent,

    /// <summary>The first request to remove the item.</summary>
    Removal,

    /// <summary>The objection to combining services that stands, else the latest word on consent to it.</summary>
    Combining,

    /// <summary>The same of the use of special categories.</summary>
    Revealing,
}

/// <summary>A statement that covers a subject.</summary>
/// <param name="Index">Its place in the ledger.</param>
/// <param name="Kind">What was said.</param>
/// <param name="MadeOn">On which account: another one than the subject's when the statement reaches it through a
/// link.</param>
/// <param name="Purpose">About which purpose.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Until">When it ends (consents).</param>
/// <param name="Forgotten">The choice was forgotten: what it protects is known by a token, and the person's words are
/// gone.</param>
internal sealed record Citation(
    EntryIndex Index, ChoiceKind Kind, Account MadeOn, Purpose Purpose, DateTimeOffset MadeAt, DateTimeOffset? Until,
    bool Forgotten)
{
    /// <summary>
    /// Where a link carried the statement: from the subject's account to the one it was made on, accounts and shared
    /// link values in turn. Empty when none did.
    /// </summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    /// <summary>
    /// Of the statements that cover a subject, the one that is behind what was decided: what <c>explain</c> cites.
    /// Among identical statements the earliest entry is cited.
    /// </summary>
    public static Citation? Behind(Cites cites, IReadOnlyList<Citation> covering, Purpose purpose)
    {
        Citation? Latest(Purpose about, params ReadOnlySpan<ChoiceKind> kinds)
        {
            Citation? latest = null;
            foreach (var citation in covering)
            {
                if (citation.Purpose == about && kinds.Contains(citation.Kind)
                    && (latest is null || Precedes(citation, latest)))
                    latest = citation;
            }

            return latest;
        }

        Citation? LatestOnConsent(Purpose about) =>
            Latest(about, ChoiceKind.Withdrawal, ChoiceKind.Refusal, ChoiceKind.Consent);

        Citation? OnConsentTo(Purpose about) => Latest(about, ChoiceKind.Objection, ChoiceKind.ObjectionLifted)
            is { Kind: ChoiceKind.Objection } objection ? objection
            : Latest(about, ChoiceKind.Restriction, ChoiceKind.RestrictionLifted)
            is { Kind: ChoiceKind.Restriction } restriction ? restriction : LatestOnConsent(about);

        return cites switch
        {
            Cites.Nothing => null,
            Cites.Erasure => covering.Where(citation => citation.Kind == ChoiceKind.Erasure)
                .MaxBy(citation => citation.MadeAt),
            Cites.Restriction => Latest(purpose, ChoiceKind.Restriction),
            Cites.Objection => Latest(purpose, ChoiceKind.Objection),
            Cites.Consent => LatestOnConsent(purpose),
            Cites.Removal => covering.Where(citation => citation.Kind == ChoiceKind.Removal)
                .MinBy(citation => citation.Index.Value),
            Cites.Combining => OnConsentTo(Purpose.CombineServices),
            Cites.Revealing => OnConsentTo(Purpose.SpecialCategories),
        };
    }

    // The order in which Stances lets one statement of a pair decide: latest, then most protective, then soonest to
    // end.
    private static bool Precedes(Citation left, Citation right)
    {
        static (long, int, long, long) Key(Citation citation) => (
            -citation.MadeAt.UtcTicks,
            citation.Kind switch
            {
                ChoiceKind.Withdrawal or ChoiceKind.Objection or ChoiceKind.Restriction => 1,
                ChoiceKind.Refusal => 2,
                _ => 3,
            },
            citation.Until?.UtcTicks ?? long.MaxValue,
            citation.Index.Value);
        return Key(left).CompareTo(Key(right)) < 0;
    }
}
