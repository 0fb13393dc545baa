using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>The profile of a Facebook export: <c>profile_v2</c>, until 2020 <c>profile</c>.</summary>
internal static partial class FacebookProfile
{
    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Whether a path is the profile.</summary>
    public static bool Is(string path) => ProfileFile().IsMatch(path);

    /// <summary>Whose export it is, as one profile says.</summary>
    public static ExportOwner Owner(ExportFile file, ExportLimits limits)
    {
        using var stream = file.Open();
        return JsonElements.Read(stream, file.Name, repaired: true, limits)
            .Where(element => element.IsRest)
            .Select(element => element with { Value = ExportOwner.Sure(element.Value, file) })
            .Select(element => OwnerOf(
                element.Value["profile_v2"] is ExportValue.Members newer ? newer : element.Value["profile"]))
            .FirstOrDefault(owner => owner.Row is not null, ExportOwner.NotStated);
    }

    private static ExportOwner OwnerOf(ExportValue profile)
    {
        if (profile is not ExportValue.Members)
            return ExportOwner.NotStated;
        var name = profile["name"] is ExportValue.Text whole ? whole.Value.Trim() : profile["name"]["full_name"].Words;
        var link = profile["profile_uri"].Words;
        var username =
            profile["username"].Words is { Length: > 0 } stated ? stated : Vanity().Match(link).Groups[1].Value;
        // The number is the account; a username can be given up and taken by somebody else.
        string[] ids = [FacebookEntries.IdOf(profile), NumberIn().Match(link).Groups[1].Value, username];
        var id = ids.FirstOrDefault(id => Identifier.IsValid(id), "");
        var names = profile["previous_names"].Values.Concat(profile["other_names"].Values)
            .Select(other => other is ExportValue.Text text ? text.Value.Trim() : other["name"].Words).Prepend(name)
            .Where(text => text.Length > 0).ToHashSet(StringComparer.Ordinal);
        var year = profile["birthday"]["year"] is ExportValue.Whole { Value: >= 1900 and <= 2100 and var born }
            ? (int)born
            : (int?)null;
        var account = id.Length > 0 ? new Account(FacebookExport.Service, id) : (Account?)null;
        return new ExportOwner(account, names, new AccountRow(
            account?.ToString() ?? "", FacebookExport.Service, Person: null, ExportOwner.Shown(name),
            ExportOwner.Shown(username), Country: null, year, Contact: null), ExportOwner.UnknownAudience);
    }

    [GeneratedRegex(@"(^|/)profile_information/profile_information\.json$", Loose)]
    private static partial Regex ProfileFile();

    [GeneratedRegex(@"(?:[?&]id=|/people/[^/]+/|facebook\.com/)(\d{5,30})(?:[/?&#]|$)", Loose)]
    private static partial Regex NumberIn();

    [GeneratedRegex(@"facebook\.com/([A-Za-z0-9.\-]+)/?$", Loose)]
    private static partial Regex Vanity();
}
