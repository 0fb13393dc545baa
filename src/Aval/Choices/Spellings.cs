using System.Runtime.CompilerServices;

namespace Aval.Choices;

/// <summary>
/// Choices whose account is not spelled as the door would spell it today: recorded before the forms of ids were
/// checked, or before <c>services</c> in aval.yaml was changed. None of them may miss whom it is about without a word.
/// </summary>
internal static class Spellings
{
    // Nothing that the doors let in is among them, so what is there when it is first asked stays all there is.
    private static readonly ConditionalWeakTable<Workspace, ILookup<Account, Account>> Older = [];
    private static readonly ILookup<Account, Account> None = Array.Empty<Account>().ToLookup(account => account);

    /// <summary>
    /// The choices on these accounts with an index below <paramref name="below"/>, however their accounts were spelled
    /// when they were recorded; each on its account in the account's form, in order of index. A form changes nothing
    /// but the case of an id, so those in other cases are looked for once.
    /// </summary>
    public static IEnumerable<Recorded> OfAccounts(
        Workspace workspace, IChoiceStore store, IReadOnlyCollection<Account> accounts, TreeSize below)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(accounts);
        var forms = workspace.Settings.Services;
        var spelled = Of(workspace, store, accounts);
        return spelled.Count == accounts.Count
            ? store.OfAccounts(accounts, below)
            : store.OfAccounts(spelled, below).Select(recorded => FormedWhereItCan(recorded, forms));
    }

    /// <summary>These accounts, and every other spelling of one of them under which anything is recorded.</summary>
    public static IReadOnlyCollection<Account> Of(
        Workspace workspace, IChoiceStore store, IReadOnlyCollection<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(accounts);
        var forms = workspace.Settings.Services;
        // All accounts of these services are looked through for it, the first time.
        var lower = forms.Stated.Where(stated => stated.Value.LowerCase).Select(stated => stated.Key).ToHashSet();
        var older = accounts.Any(account => lower.Contains(account.Service))
            ? Older.GetValue(workspace, _ => OlderIn(store, forms, lower))
            : None;
        return older.Count == 0 ? accounts : [.. accounts.Concat(accounts.SelectMany(account => older[account]))];
    }

    private static ILookup<Account, Account> OlderIn(
        IChoiceStore store, ServiceForms forms, IReadOnlyCollection<string> services) => store.NotInLowerCase(services)
        .Select(account => (
            Older: account,
            Now: Account.TryParse(account.ToString(), forms, out var formed, out _) ? formed : account))
        .Where(one => one.Now != one.Older).ToLookup(one => one.Now, one => one.Older);

    /// <summary>A choice on its account in the account's form; as it is where that has none.</summary>
    public static Recorded FormedWhereItCan(Recorded recorded, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return Account.TryParse(recorded.Choice.Account.ToString(), forms, out var formed, out _)
            ? recorded with { Choice = recorded.Choice with { Account = formed } }
            : recorded;
    }

    /// <summary>The choices, each on its account in the account's form.</summary>
    /// <inheritdoc cref="Formed(Recorded, ServiceForms)"/>
    public static IEnumerable<Recorded> Formed(IEnumerable<Recorded> choices, ServiceForms forms) =>
        choices.Select(recorded => Formed(recorded, forms));

    /// <summary>A choice on its account in the account's form; the same one when it is spelled so.</summary>
    /// <exception cref="AvalException">Bad input: the account has no form, so nobody could say whom the choice is
    /// about.</exception>
    public static Recorded Formed(Recorded recorded, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var account = recorded.Choice.Account;
        if (!Account.TryParse(account.ToString(), forms, out var formed, out var expected))
        {
            throw AvalException.BadInput(
                $"Entry {recorded.Index}: the choice is about an account that should be {expected}, but is "
                + $"\"{Shown.Of(account.ToString())}\", so that it would reach nobody. Nothing was done. "
                + $"Record it again on the right account, and then: aval forget {recorded.Index}.");
        }

        return formed == account ? recorded : recorded with { Choice = recorded.Choice with { Account = formed } };
    }

    /// <summary>
    /// A sentence on a choice whose account is in another spelling, which <see cref="Formed(Recorded, ServiceForms)"/>
    /// maps or refuses; null when it is spelled as it should be.
    /// </summary>
    public static string? Other(Recorded recorded, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var account = recorded.Choice.Account;
        var again = $"and then: aval forget {recorded.Index}.";
        if (!Account.TryParse(account.ToString(), forms, out var formed, out var expected))
            return $"Entry {recorded.Index}: its account should be {expected}, but is "
                + $"\"{Shown.Of(account.ToString())}\". Record the choice again on the right account, {again}";
        return formed == account
            ? null
            : $"Entry {recorded.Index}: its account is spelled \"{Shown.Of(account.ToString())}\", and is taken for "
                + $"{formed}. If that is who it is about, record it again on {formed}; if not, on the right "
                + $"account; {again}";
    }
}
