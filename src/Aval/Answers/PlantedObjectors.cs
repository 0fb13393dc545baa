using System.Globalization;
using Aval.Authors;

namespace Aval.Answers;

/// <summary>What became of an account that an auditor made and that objected before the build.</summary>
internal enum PlantedOutcome
{
    /// <summary>What it published was read and is out, and what it said is in the ledger.</summary>
    Excluded,

    /// <summary>Something of it is in the release.</summary>
    Found,

    /// <summary>What it published is out, and nothing that the planted accounts said can be shown to count: it is out
    /// for other reasons, and its objection was lost, or forgotten since.</summary>
    Unheard,

    /// <summary>What it said counts, and nothing that it published was read: that it would be out is not
    /// shown.</summary>
    Unread,

    /// <summary>The release knows neither what it published nor what it said.</summary>
    Unknown,
}

/// <summary>An account that an auditor made, followed.</summary>
/// <param name="Account">Which.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="About">What was decided of it, and by which choice; null = the release knows nothing of it.</param>
/// <param name="Proof">That it is or is not among the release's authors.</param>
internal sealed record PlantedObjector(
    Account Account, PlantedOutcome Outcome, AccountExplanation? About, AuthorProof Proof);

/// <summary>
/// Which choice shows that a planted account was heard. An operator who lost the objection has those of others, for
/// other purposes, from after the release: none of them may stand in its place. The same is asked where a sample is
/// made and where it is checked.
/// </summary>
/// <param name="Purpose">The release's.</param>
/// <param name="Size">The choices with an index below it were honoured.</param>
/// <param name="ErasedTo">The erasures with an index below it were.</param>
/// <param name="Planted">All accounts that the auditor planted.</param>
internal sealed record PlantedHearing(
    string Purpose, TreeSize Size, TreeSize ErasedTo, IReadOnlySet<Account> Planted)
{
    /// <summary>Whether it is one.</summary>
    /// <param name="account">The planted account.</param>
    /// <param name="index">The choice's entry.</param>
    /// <param name="kind">What was said.</param>
    /// <param name="madeOn">On which account: the planted one, or another that the auditor planted and that is linked
    /// to it.</param>
    /// <param name="purpose">About which purpose; an erasure is about all.</param>
    /// <param name="chain">The links from the planted account to the one it was made on.</param>
    public bool Hears(
        Account account, EntryIndex index, ChoiceKind kind, Account madeOn, string purpose, IReadOnlyList<string> chain)
    {
        var (isErasure, isLinked) = (kind == ChoiceKind.Erasure, chain is [var from, .., var to]
            && from == account.ToString() && to == madeOn.ToString());
        return kind.IsProtective() && (isErasure || purpose == Purpose)
            && index.Value < (isErasure ? ErasedTo : Size).Value
            && (madeOn == account || (isLinked && Planted.Contains(madeOn)));
    }
}

/// <summary>Accounts that an auditor made before the build, to see whether an objection leads to an
/// exclusion.</summary>
internal static class PlantedObjectors
{
    private const int Most = 1_000;

    /// <summary>Reads their list: an account a line; empty lines, and such as begin with #, say nothing.</summary>
    /// <exception cref="AvalException">Bad input, naming the line; or it names no account.</exception>
    public static IReadOnlyList<Account> Read(string path, ServiceForms forms)
    {
        var accounts = new List<Account>();
        foreach (var (number, _, account) in Lines(path, forms))
        {
            if (!accounts.Contains(account))
                accounts.Add(account);
            if (accounts.Count > Most)
                throw AvalException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: "
                    + $"at most {Most} accounts are followed at once. No sample was written. Split the list."));
        }

        // Of no account all would be excluded.
        return accounts.Count > 0
            ? accounts
            : throw AvalException.BadInput($"{path}: there is no account in it. Nothing was followed. Write one "
                + "account a line, or leave out --planted.");
    }

    /// <summary>Those of the list that are followed in another spelling than it has them: a release's forms are its
    /// operator's word, and what it holds of the spelling of the list is not followed.</summary>
    /// <exception cref="AvalException">Bad input, naming the line.</exception>
    public static IReadOnlyList<(string Written, Account Followed)> Respelled(string path, ServiceForms forms) =>
    [
        .. Lines(path, forms).Where(line => line.Written != line.Account.ToString())
            .Select(line => (line.Written, line.Account)).Distinct(),
    ];

    private static IEnumerable<(int Number, string Written, Account Account)> Lines(string path, ServiceForms forms)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } text || text[0] == '#')
                continue;
            if (!Account.TryParse(text, forms, out var account, out var expected))
                throw AvalException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: "
                    + $"the account should be {expected}, but \"{Shown.Of(text)}\" was found. No sample was written. "
                    + $"Write one account a line."));
            yield return (number, text, account);
        }
    }

    /// <summary>Follows accounts; needs the choices that protect.</summary>
    public static IReadOnlyList<PlantedObjector> Follow(
        Replay replay, Workspace workspace, string release, IReadOnlyList<Account> planted)
    {
        var manifest = replay.Manifest;
        var hearing = new PlantedHearing(
            replay.Policy.Purpose.Name, manifest.LedgerSize, manifest.ErasedTo, planted.ToHashSet());
        return
        [
            .. planted.Select(account =>
            {
                var about = Explanations.Of(replay, account);
                var (proof, verdict) = AuthorProofs.Make(workspace, release, account);
                return new PlantedObjector(account, OutcomeOf(hearing, account, about, verdict), about, proof);
            }),
        ];
    }

    private static PlantedOutcome OutcomeOf(
        PlantedHearing hearing, Account account, AccountExplanation? about, AuthorVerdict verdict)
    {
        if (verdict == AuthorVerdict.Present || about is { Admitted: > 0 })
            return PlantedOutcome.Found;
        var heard = about is not null && about.Covering.Any(choice => !choice.Forgotten && hearing.Hears(
            account, choice.Index, choice.Kind, choice.MadeOn, choice.Purpose.Name, choice.Chain));
        return (heard, read: about is { Excluded.Count: > 0 }) switch
        {
            (true, true) => PlantedOutcome.Excluded,
            (false, true) => PlantedOutcome.Unheard,
            (true, false) => PlantedOutcome.Unread,
            (false, false) => PlantedOutcome.Unknown,
        };
    }

    /// <summary>How an outcome is written.</summary>
    public static string ToText(this PlantedOutcome outcome) => outcome switch
    {
        PlantedOutcome.Excluded => "excluded",
        PlantedOutcome.Found => "found",
        PlantedOutcome.Unheard => "unheard",
        PlantedOutcome.Unread => "unread",
        PlantedOutcome.Unknown => "unknown",
    };
}
