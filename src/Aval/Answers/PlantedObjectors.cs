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

    /// <summary>What it published is out, and nothing that it said counts: it is out for other reasons, and its
    /// objection was lost.</summary>
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

/// <summary>Accounts that an auditor made before the build, to see whether an objection leads to an
/// exclusion.</summary>
internal static class PlantedObjectors
{
    private const int Most = 1_000;

    /// <summary>Reads their list: an account a line; empty lines, and such as begin with #, say nothing.</summary>
    /// <exception cref="AvalException">Bad input, naming the line.</exception>
    public static IReadOnlyList<Account> Read(string path, ServiceForms forms)
    {
        var accounts = new List<Account>();
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
            if (!accounts.Contains(account))
                accounts.Add(account);
            if (accounts.Count > Most)
                throw AvalException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: "
                    + $"at most {Most} accounts are followed at once. No sample was written. Split the list."));
        }

        return accounts;
    }

    /// <summary>Follows an account; needs the choices that protect.</summary>
    public static PlantedObjector Follow(Replay replay, Workspace workspace, string release, Account account)
    {
        var about = Explanations.Of(replay, account);
        var (proof, verdict) = AuthorProofs.Make(workspace, release, account);
        return new PlantedObjector(account, OutcomeOf(replay, about, verdict), about, proof);
    }

    private static PlantedOutcome OutcomeOf(Replay replay, AccountExplanation? about, AuthorVerdict verdict)
    {
        if (verdict == AuthorVerdict.Present || about is { Admitted: > 0 })
            return PlantedOutcome.Found;
        var heard = about is not null && about.Covering.Any(
            choice => choice.Kind.IsProtective() && (choice.Purpose == replay.Policy.Purpose
                || choice.Kind is ChoiceKind.Erasure or ChoiceKind.Removal));
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
