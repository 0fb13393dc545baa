using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Storage;

namespace Aval.Recording;

/// <summary>Why a choice is forgotten.</summary>
internal enum ForgettingReason
{
    /// <summary>Somebody asked for it (GDPR Art. 17).</summary>
    Request,

    /// <summary>It was kept for as long as aval.yaml says (Art. 5(1)(e)).</summary>
    Retention,

    /// <summary>Everything of its account was erased (Art. 17).</summary>
    Erasure,
}

/// <summary>What is to be forgotten, and what cannot be.</summary>
/// <param name="DecidedAt">The ledger's size when it was decided.</param>
/// <param name="Choices">What to forget, with the tokens that take its place.</param>
/// <param name="Kept">What still decides something, and would change a stance; each with what to do first.</param>
internal sealed record ForgettingPlan(
    TreeSize DecidedAt, IReadOnlyList<Forgetting> Choices, IReadOnlyList<(EntryIndex Choice, string Why)> Kept);

/// <summary>
/// Forgetting a choice never changes a stance, at no instant, past or to come: a suppression says by tokens what it
/// said. What permits can be forgotten only when another statement decides in its place from now on: a token that
/// decided would be a permission that nobody can show (GDPR Art. 7(1)).
/// </summary>
internal static class Forgettings
{
    /// <summary>
    /// The entry of a forgetting: SHA-256 of its canonical JSON (docs/formats/choices.md). It commits to what takes the
    /// choice's place, so that a suppression cannot be changed or taken away unseen. The tokens in it are keyed: nobody
    /// without the workspace's key can try names against the ledger.
    /// </summary>
    public static LedgerEntry Entry(Suppression instead, ForgettingReason reason)
    {
        ArgumentNullException.ThrowIfNull(instead);
        return new LedgerEntry(EntryKind.Forgetting, Hash.Of(JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteString("forgets", instead.Index.ToString());
            json.WriteStartObject("instead");
            json.WriteString("account", instead.Account);
            json.WriteString("kind", instead.Kind.ToText());
            json.WriteString("made_at", instead.MadeAt.ToText());
            json.WriteString("purpose", instead.Purpose.Name);
            json.WriteString("received_at", instead.ReceivedAt.ToText());
            json.WriteString("scope", instead.Scope);
            if (instead.Until is { } until)
                json.WriteString("until", until.ToText());
            json.WriteEndObject();
            json.WriteString("reason", ToText(reason));
            json.WriteEndObject();
        })));
    }

    /// <summary>Decides what forgetting these choices takes. Changes nothing.</summary>
    /// <exception cref="AvalException">Usage: there is no such choice, or it was forgotten.</exception>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="choices">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">The clock's instant.</param>
    public static ForgettingPlan Plan(
        Workspace workspace, IChoiceStore store, IReadOnlyCollection<EntryIndex> choices, ForgettingReason reason,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(choices);
        var tokens = new SuppressionTokens(workspace.ReadKey());
        var decidedAt = store.Size;
        var everything = new TreeSize(long.MaxValue);
        var asked = choices.Distinct().OrderBy(index => index.Value)
            .Select(index =>
                new Recorded(index, (store.Opened(index) ?? throw StoreRefusals.Missing(index)).Choice))
            // A token of another spelling than the content's would protect nobody.
            .Select(one => Spellings.FormedWhereItCan(one, workspace.Settings.Services)).ToList();
        var accounts = asked.Select(one => one.Choice.Account).Distinct().ToList();
        // As suppressions, so that what is recorded and what is suppressed can be told against each other. A permission
        // that was itself forgotten can take nobody's place.
        var bearing = accounts
            .SelectMany(account => new[] { tokens.OfAccount(account.ToString()), tokens.OfName(account.ToString()) }
                .Distinct().Select(token => (Token: token, Account: account)))
            .ToLookup(one => one.Token, one => one.Account);
        var remaining = Spellings.OfAccounts(workspace, store, accounts, everything)
            .Select(one => (one.Choice.Account, Statement: tokens.Of(one)))
            .Concat(store.Suppressions(everything)
                .Where(one => !one.Kind.IsPermissive())
                .SelectMany(one => bearing[one.Account].Select(account => (Account: account, Statement: one))))
            .GroupBy(one => one.Account, one => one.Statement)
            .ToDictionary(group => group.Key, group => group.ToList());

        var forget = new List<Forgetting>();
        var kept = new List<(EntryIndex, string)>();
        foreach (var one in asked)
        {
            var statement = tokens.Of(one);
            var others = remaining[one.Choice.Account];
            others.RemoveAll(other => other.Index == one.Index);
            // Whoever has everything erased leaves no consent behind that somebody could show: it ends.
            if (reason is ForgettingReason.Erasure && statement.Kind is ChoiceKind.Consent
                && !(statement.Until <= now))
                statement = statement with { Until = now };
            var decides = statement.Kind.IsPermissive() && reason is not ForgettingReason.Erasure
                && !others.Any(other => Counts(other, statement, now) && Replaces(other, statement));
            if (decides)
                kept.Add((one.Index, First(one)));
            else
                forget.Add(new Forgetting(one.Index, statement, Entry(statement, reason)));
            if (decides || !statement.Kind.IsPermissive())
                others.Add(statement);
        }

        return new ForgettingPlan(decidedAt, forget, kept);
    }

    private static string ToText(ForgettingReason reason) => reason switch
    {
        ForgettingReason.Request => "request",
        ForgettingReason.Retention => "retention",
        ForgettingReason.Erasure => "erasure",
    };

    // A statement of tomorrow protects nobody today.
    private static bool Counts(Suppression other, Suppression forgotten, DateTimeOffset now)
    {
        static DateTimeOffset From(Suppression one) => one.MadeAt > one.ReceivedAt ? one.MadeAt : one.ReceivedAt;
        return From(other) <= now || From(other) <= From(forgotten);
    }

    /// <summary>
    /// Whether a permission decides nothing more as long as <paramref name="other"/> stays, whatever else was said or
    /// will arrive.
    /// </summary>
    private static bool Replaces(Suppression other, Suppression gone) =>
        other.Purpose == gone.Purpose && Covers(Parsed(other), Parsed(gone)) && gone.Kind switch
        {
            // The last lifting decides what it lifts. A later objection would not do: with this lifting gone, those
            // before it would stand again, and the objection would hold since another day.
            ChoiceKind.ObjectionLifted or ChoiceKind.RestrictionLifted =>
                other.Kind == gone.Kind && other.MadeAt >= gone.MadeAt,
            ChoiceKind.Consent => other.Kind switch
            {
                ChoiceKind.Withdrawal or ChoiceKind.Refusal => other.MadeAt >= gone.MadeAt,
                // On a tie the one that ends sooner decides; that is not told here.
                ChoiceKind.Consent => other.MadeAt > gone.MadeAt,
                ChoiceKind.Objection or ChoiceKind.ObjectionLifted or ChoiceKind.Restriction
                    or ChoiceKind.RestrictionLifted or ChoiceKind.Erasure or ChoiceKind.Removal or ChoiceKind.Mandate
                    or ChoiceKind.MandateRevoked => false,
            },
            ChoiceKind.Objection or ChoiceKind.Restriction or ChoiceKind.Withdrawal or ChoiceKind.Refusal
                or ChoiceKind.Erasure or ChoiceKind.Removal =>
                throw new InvalidOperationException($"A {gone.Kind.ToText()} protects, and goes on by its token."),
            // A mandate that nobody can show is none; a revocation goes on by its token.
            ChoiceKind.Mandate or ChoiceKind.MandateRevoked =>
                throw new InvalidOperationException($"A {gone.Kind.ToText()} permits no use."),
        };

    private static Scope Parsed(Suppression statement) => Scope.TryParse(statement.Scope, out var scope)
        ? scope
        : throw new InvalidOperationException(
            $"The statement of entry {statement.Index} has a scope that cannot be read.");

    private static bool Covers(Scope outer, Scope inner) =>
        inner.Parts.All(part => outer.Parts.Any(wider => Covers(wider, part)));

    private static bool Covers(ScopePart outer, ScopePart inner) => outer == inner || (outer, inner) switch
    {
        (ScopePart.Everything, ScopePart.OnService or ScopePart.OneItem) => true,
        // Not a service one of its items: an item that no statement names goes by its author's service, not by its own.
        _ => false,
    };

    private static string First(Recorded kept)
    {
        var choice = kept.Choice;
        var what = $"entry {kept.Index} is "
            + $"{(choice.Kind == ChoiceKind.Consent ? "the consent" : $"the {choice.Kind.ToText()}")} of "
            + $"{choice.Account}, which still decides";
        return choice.Kind == ChoiceKind.Consent
            ? $"{what}: without it the stance would change. Record what ends it first (aval choose withdrawal "
                + $"--account {choice.Account} --purpose {choice.Purpose}), or a newer consent"
            : $"{what}: without it what it lifted would stand again. It can be forgotten when a later "
                + $"{choice.Kind.ToText()} of the same scope is recorded";
    }
}
