using System.Globalization;
using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>
/// The profile of an Instagram export. It has no number for the account: the username is all there is, and it can be
/// renamed (docs/formats/instagram.md).
/// </summary>
internal static partial class InstagramProfile
{
    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Whether a path is the profile.</summary>
    public static bool Is(string path) => ProfileFile().IsMatch(path) || FlatProfile().IsMatch(path);

    /// <summary>Whose export it is, as one profile says.</summary>
    public static ExportOwner Owner(ExportFile file, ExportLimits limits)
    {
        using var stream = file.Open();
        var flat = FlatProfile().IsMatch(file.Path);
        return JsonElements.Read(stream, file.Name, repaired: !flat, limits)
            .Select(element => element with { Value = ExportOwner.Sure(element.Value, file) })
            .Select(element => flat ? Flat(element.Value) : Of(element.Value))
            .FirstOrDefault(owner => owner.Account is not null, ExportOwner.NotStated);
    }

    private static ExportOwner Flat(ExportValue profile) => Owner(
        profile["username"].Words,
        profile["name"].Words,
        profile["date_of_birth"].Words,
        profile["private_account"] is ExportValue.Flag { Value: true });

    private static ExportOwner Of(ExportValue profile)
    {
        var labelled = Labelled.Of(profile);
        // In a language whose labels are not known: the first value spelled as a handle, which the platform writes
        // before the person's words about themselves.
        var username = labelled.With(Labels.Username) is { Length: > 0 } stated
            ? stated
            : labelled.All.Select(value => value.Words.Trim()).FirstOrDefault(Handle.Is, "");
        var born = labelled.All.Select(value => value.Words.Trim()).FirstOrDefault(words => Date().IsMatch(words), "");
        return Owner(
            username.Trim(), labelled.With(Labels.Name).Trim(), born,
            labelled.All.Any(value => Labels.SaysPrivate(value.Label) && Labels.Yes.Contains(value.Words.Trim())));
    }

    private static ExportOwner Owner(string username, string name, string born, bool isPrivate)
    {
        if (!Identifier.IsValid(username))
            return ExportOwner.NotStated;
        var account = new Account(InstagramExport.Service, username);
        var year = born.Length >= 4
            && int.TryParse(born.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 1900 and <= 2100 ? value : (int?)null;
        return new ExportOwner(
            account,
            new HashSet<string>([username, name], StringComparer.Ordinal),
            new AccountRow(
                account.ToString(), InstagramExport.Service, Person: null, ExportOwner.Shown(name), username,
                Country: null, year, Contact: null),
            isPrivate ? "followers" : ExportOwner.UnknownAudience);
    }

    [GeneratedRegex(@"(^|/)(personal_information|account_information)/personal_information\.json$", Loose)]
    private static partial Regex ProfileFile();

    [GeneratedRegex(@"^([^/]+/)?profile\.json$", Loose)]
    private static partial Regex FlatProfile();

    [GeneratedRegex(@"^(19|20)\d\d-\d\d-\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
