namespace Aval.Content.Exports;

/// <summary>Whose export it is, as far as it says.</summary>
/// <param name="Account">The account; null = the export does not say, and nobody stated it.</param>
/// <param name="Names">The names under which the owner wrote; none = unknown.</param>
/// <param name="Row">What the profile says of the account; null = there is no profile.</param>
/// <param name="Audience">The audience of entries that state none: <c>unknown</c>, or <c>followers</c> for an account
/// that its profile calls private.</param>
internal sealed record ExportOwner(Account? Account, IReadOnlySet<string> Names, AccountRow? Row, string Audience)
{
    /// <summary>The audience of entries that state none, when nothing is known.</summary>
    public const string UnknownAudience = "unknown";

    /// <summary>Nothing in the export says whose it is.</summary>
    public static ExportOwner NotStated { get; } = new(null, new HashSet<string>(), null, UnknownAudience);

    /// <summary>A profile that says each thing once: of two usernames, either would be a guess.</summary>
    /// <exception cref="AvalException">Bad input: a name stands twice in an object.</exception>
    public static ExportValue Sure(ExportValue profile, ExportFile file) => profile is not ExportValue.Doubled
        ? profile
        : throw AvalException.BadInput(
            $"{file.Name}, line {profile.Line}: expected an object in which each name stands once, but found "
            + $"{profile.Shown}. Nothing was imported. Download the export again.");

    /// <summary>A name as a column can hold it; null = none.</summary>
    public static string? Shown(string name) => name.Length > 0 && !name.Any(char.IsControl) ? name : null;

    /// <summary>
    /// The one owner of all profiles of an import. Two parts of one export may each have the profile; two exports of
    /// two people have two, and taking one person's words for the other's would be the worst that an import can do.
    /// </summary>
    public static ExportOwner One(IReadOnlyList<(ExportFile File, ExportOwner Owner)> profiles, Account? stated)
    {
        var owners = profiles.Where(profile => profile.Owner.Row is not null).ToList();
        if (owners.Count == 0)
            return NotStated.StatedAs(stated);
        if (stated is null && owners.Select(profile => profile.Owner.Account).Distinct().Skip(1).Any())
            throw AvalException.BadInput("These are exports of different accounts: "
                + string.Join(", ", owners.Select(profile => $"{profile.File.Name} is of "
                    + $"{profile.Owner.Account?.ToString() ?? "an account without id"}"))
                + ". Nothing was imported. Import each account by itself; if they are one, state it with --account.");
        RefuseTwoNumbers(owners);
        var names = owners.SelectMany(profile => profile.Owner.Names).ToHashSet(StringComparer.Ordinal);
        var audience = owners.Exists(profile => profile.Owner.Audience != UnknownAudience)
            ? owners.First(profile => profile.Owner.Audience != UnknownAudience).Owner.Audience
            : UnknownAudience;
        return (owners[^1].Owner with { Names = names, Audience = audience }).StatedAs(stated);
    }

    /// <summary>The same with its account in the form of its service's ids, where it has one.</summary>
    public ExportOwner In(ServiceForms services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Account is { } account && services.Account(account.ToString()).Value is { } formed
            ? this with { Account = Aval.Account.Parse(formed) }
            : this;
    }

    // A username may have changed between two exports of one account, and a number does not: whatever is stated.
    private static void RefuseTwoNumbers(List<(ExportFile File, ExportOwner Owner)> owners)
    {
        var numbered = owners.Where(profile => profile.Owner.Account is { } account
            && !account.Id.AsSpan().ContainsAnyExceptInRange('0', '9')).ToList();
        if (numbered.Select(profile => profile.Owner.Account).Distinct().Skip(1).Any())
            throw AvalException.BadInput("These are exports of different accounts: "
                + string.Join(", ", numbered.Select(profile => $"{profile.File.Name} is of {profile.Owner.Account}"))
                + ". Nothing was imported. Import each account by itself.");
    }

    /// <summary>The same with the account that the importing person stated, which wins: it is the stable one.</summary>
    private ExportOwner StatedAs(Account? stated) => stated is not { } account ? this : this with
    {
        Account = account,
        Row = Row is null ? null : Row with { Account = account.ToString(), Service = account.Service },
    };
}
