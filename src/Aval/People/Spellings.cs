using Aval.Choices;

namespace Aval.People;

/// <summary>
/// Choices whose account is not spelled as the door would spell it today: recorded before the forms of ids were checked,
/// or before <c>services</c> in aval.yaml was changed. None of them may miss whom it is about without a word.
/// </summary>
public static class Spellings
{
    /// <summary>The choices, each on its account in the account's form.</summary>
    /// <exception cref="AvalException">Bad input: an account has no form, so nobody could say whom the choice is about.</exception>
    public static IEnumerable<Recorded> Formed(IEnumerable<Recorded> choices, ServiceForms forms) => choices.Select(recorded =>
    {
        var account = recorded.Choice.Account;
        if (!Account.TryParse(account.ToString(), forms, out var formed, out var expected))
        {
            throw AvalException.BadInput($"Entry {recorded.Index}: the choice is about an account that should be {expected}, "
                + $"but is \"{Shown.Of(account.ToString())}\", so that it would reach nobody. Nothing was done. Record it "
                + $"again on the right account, and then: aval forget {recorded.Index}.");
        }

        return formed == account ? recorded : recorded with { Choice = recorded.Choice with { Account = formed } };
    });

    /// <summary>Each choice whose account is in another spelling, in a sentence; what <see cref="Formed"/> maps or refuses.</summary>
    public static IEnumerable<string> Others(IEnumerable<Recorded> choices, ServiceForms forms)
    {
        foreach (var (index, choice) in choices)
        {
            if (!Account.TryParse(choice.Account.ToString(), forms, out var formed, out var expected))
                yield return $"Entry {index}: its account should be {expected}, but is \"{Shown.Of(choice.Account.ToString())}\". "
                    + $"Record the choice again on the right account, and then: aval forget {index}.";
            else if (formed != choice.Account)
                yield return $"Entry {index}: its account is spelled \"{Shown.Of(choice.Account.ToString())}\", "
                    + $"and is taken for {formed}.";
        }
    }
}
