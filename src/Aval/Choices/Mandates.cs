using System.Text.RegularExpressions;

namespace Aval.Choices;

/// <summary>A mandate that counts.</summary>
/// <param name="Recorded">The choice.</param>
/// <param name="Person">A name for whoever gave it, the same for all accounts that are one person.</param>
internal sealed record GivenMandate(Recorded Recorded, string Person);

/// <summary>
/// Mandates (GDPR Art. 80(1); Directive (EU) 2020/1828): who may act for whom. A mandate holds for the account it was
/// given on alone. A revocation ends what its person gave before, on whatever account, to the association that it
/// names, or to all; of a mandate and a revocation of the same instant the revocation holds. A later mandate counts
/// again.
/// </summary>
internal static partial class Mandates
{
    /// <summary>What an association's id is, after "hold".</summary>
    public const string AssociationForm =
        "an association's id of 1-64 of a-z, 0-9, '.' and '-' that begins and ends with a letter or digit, "
            + "such as rights.example";

    /// <summary>Whether a text is an association's id. One spelling, since a mandate to another one is none.</summary>
    public static bool IsAssociation(string? text) => text is not null && Id().IsMatch(text);

    /// <summary>The mandates that count at an instant, in order of index.</summary>
    /// <param name="choices">Mandates and revocations, in any order; others say nothing here.</param>
    /// <param name="forgotten">What is left of revocations that were forgotten: each ends all that its person gave
    /// before, since it no longer says to whom.</param>
    /// <param name="persons">Who is who.</param>
    /// <param name="at">The instant.</param>
    public static IReadOnlyList<GivenMandate> InForce(
        IEnumerable<Recorded> choices, IEnumerable<Suppression> forgotten, IPersons persons, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(persons);
        Recorded[] said = [.. choices.Where(one => one.Choice.MadeAt <= at && one.Choice.ReceivedAt <= at)];
        var ended = said.Where(one => one.Choice.Kind == ChoiceKind.MandateRevoked).ToLookup(
            one => persons.Of(one.Choice.Account),
            one => (one.Choice.Purpose, one.Choice.MadeAt, one.Choice.Association), StringComparer.Ordinal);
        var tokens = forgotten.Where(one => one.Kind == ChoiceKind.MandateRevoked && one.MadeAt <= at
            && one.ReceivedAt <= at).ToLookup(one => one.Account, StringComparer.Ordinal);
        bool IsEnded(Choice mandate, string person) =>
            mandate.Until <= at
            || ended[person].Any(end => end.Purpose == mandate.Purpose && end.MadeAt >= mandate.MadeAt
                && (end.Association is null || end.Association == mandate.Association))
            || (tokens.Count > 0 && persons.Tokens(mandate.Account).Any(token => tokens[token].Any(
                end => end.Purpose == mandate.Purpose && end.MadeAt >= mandate.MadeAt)));
        return
        [
            .. said.Where(one => one.Choice.Kind == ChoiceKind.Mandate)
                .Select(one => new GivenMandate(one, persons.Of(one.Choice.Account)))
                .Where(one => !IsEnded(one.Recorded.Choice, one.Person)).OrderBy(one => one.Recorded.Index.Value),
        ];
    }

    /// <summary>
    /// Whether a mandate lets its association say a choice for the person. What protects, about what the mandate is
    /// about and for its purpose, and its own end. Not what permits; and not an erasure, which nobody can take back and
    /// which holds for purposes that the mandate does not name.
    /// </summary>
    public static bool Covers(Choice mandate, Choice said)
    {
        ArgumentNullException.ThrowIfNull(mandate);
        ArgumentNullException.ThrowIfNull(said);
        return MayBeSaid(said.Kind) && mandate.Account == said.Account && mandate.Purpose == said.Purpose
            && said.Scope.Parts.All(part => mandate.Scope.Parts.Any(wider => Covers(wider, part)));
    }

    /// <summary>The kinds of choices that a mandate lets an association say.</summary>
    public static bool MayBeSaid(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection or ChoiceKind.Withdrawal or ChoiceKind.Refusal or ChoiceKind.Restriction
            or ChoiceKind.Removal => true,
        ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.RestrictionLifted or ChoiceKind.Erasure
            or ChoiceKind.Mandate or ChoiceKind.MandateRevoked => false,
    };

    // As everywhere everything covers about-me too (docs/design.md, "Choices and stance").
    private static bool Covers(ScopePart wider, ScopePart part) => wider == part || (wider, part) switch
    {
        (ScopePart.Everything, _) => true,
        (ScopePart.OnService on, ScopePart.OneItem one) => on.Service == one.Item.Service,
        _ => false,
    };

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}

/// <summary>Which accounts are one person.</summary>
internal interface IPersons
{
    /// <summary>A name for the person, the same for all accounts that are one.</summary>
    string Of(Account account);

    /// <summary>The tokens of all accounts of the person whose account this is
    /// (<see cref="SuppressionTokens"/>).</summary>
    IEnumerable<string> Tokens(Account account);
}
