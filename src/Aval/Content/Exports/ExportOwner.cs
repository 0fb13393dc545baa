namespace Aval.Content.Exports;

/// <summary>Whose export it is, as far as it says.</summary>
/// <param name="Account">The account; null = the export does not say, and nobody stated it.</param>
/// <param name="Names">The names under which the owner wrote; none = unknown.</param>
/// <param name="Row">What the profile says of the account; null = there is no profile.</param>
/// <param name="Audience">The audience of entries that state none: <c>unknown</c>, or <c>followers</c> for an account that its profile calls private.</param>
internal sealed record ExportOwner(Account? Account, IReadOnlySet<string> Names, AccountRow? Row, string Audience)
{
    /// <summary>The audience of entries that state none, when nothing is known.</summary>
    public const string UnknownAudience = "unknown";

    /// <summary>Nothing in the export says whose it is.</summary>
    public static ExportOwner NotStated { get; } = new(null, new HashSet<string>(), null, UnknownAudience);

    /// <summary>The same with the account that the importing person stated, which wins: it is the stable one.</summary>
    public ExportOwner StatedAs(Account? stated) => stated is not { } account ? this : this with
    {
        Account = account,
        Row = Row is null ? null : Row with { Account = account.ToString(), Service = account.Service },
    };
}
