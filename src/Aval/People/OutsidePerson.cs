using Aval.Content;

namespace Aval.People;

/// <summary>Somebody who has no account, with what others call this person.</summary>
/// <param name="Account"><c>outside:ID</c>.</param>
/// <param name="Names">In full, as they are looked for.</param>
/// <param name="Handles"><c>service:handle</c>.</param>
internal sealed record OutsidePerson(
    Account Account, IReadOnlyList<string> Names, IReadOnlyList<string> Handles)
{
    private const int LongestName = 200;

    /// <summary>A row of content for each name and each handle.</summary>
    public IReadOnlyList<AccountRow> Rows =>
    [
        .. Names.Select(name => Row(name, null)),
        .. Handles.Select(handle => Row(null, handle)),
    ];

    /// <summary>Reads what a command line says.</summary>
    /// <exception cref="AvalException">Usage: an account that is not outside, neither name nor handle, or one that
    /// would never be found.</exception>
    public static OutsidePerson Parse(Account account, IReadOnlyList<string> names, IReadOnlyList<string> handles)
    {
        if (account.Service != Account.Outside)
        {
            throw AvalException.Usage($"Who has no account is written outside:ID, but \"{account}\" was found, which "
                + "is an account: its names and handles come with an import of accounts. Nothing was registered.");
        }

        if (account == Account.Anyone)
        {
            throw AvalException.Usage($"{Account.Anyone} stands for whoever asks for a removal and gives no name: it "
                + "has none. Nothing was registered.");
        }

        if (names.Count + handles.Count == 0)
        {
            throw AvalException.Usage($"Say what others call {account}: --name \"Kim Fictive\", --handle "
                + "instagram:kim.fictive, or both. Nothing was registered.");
        }

        return new OutsidePerson(account, [.. names.Select(Name)], [.. handles.Select(Handle)]);
    }

    private static string Name(string written)
    {
        var name = string.Join(' ', written.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return name.Length is > 1 and <= LongestName && name.Any(char.IsLetter) && !name.Any(char.IsControl)
            ? name
            : throw AvalException.Usage($"--name should hold a name of 2 to {LongestName} characters, with a letter, "
                + $"but \"{Shown.Of(written)}\" was found. Nothing was registered.");
    }

    // What is no handle in a text would be registered and never found.
    private static string Handle(string written)
    {
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        var (service, handle) =
            colon < 1 ? ("", "") : (written[..colon], written[(colon + 1)..].TrimStart('@'));
        return ServiceName.IsValid(service) && service != Account.Outside
            && Mentions.In(service, "@" + handle) is [{ Start: 0 } mention] && mention.Length == handle.Length + 1
            && mention.Key.StartsWith(service + "@", StringComparison.Ordinal)
                ? $"{service}:{handle}"
                : throw AvalException.Usage(
                    "--handle should hold service:handle (for example instagram:kim.fictive), of letters, digits, "
                    + $"points, hyphens and underscores, but \"{Shown.Of(written)}\" was found. "
                    + "Nothing was registered.");
    }

    private AccountRow Row(string? name, string? handle) =>
        new(Account.ToString(), Account.Service, null, name, handle, null, null, null);
}
