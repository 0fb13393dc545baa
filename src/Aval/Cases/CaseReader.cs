using System.Text;
using Aval.Policies;
using Aval.Terms;

namespace Aval.Cases;

/// <summary>
/// Reads what a case begins with, a YAML file (docs/formats/case.md). All that is wrong is told at once, with its line
/// and column.
/// </summary>
internal static class CaseReader
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input, with each problem.</exception>
    public static Case Read(string path)
    {
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: no such file. Nothing was done. A case begins with a YAML file; see "
                + "docs/formats/case.md for what it says.");
        if (new FileInfo(path).Length > MaxBytes)
            throw AvalException.BadInput($"{path}: expected at most {MaxBytes} bytes. Nothing was done. Documents are "
                + "added as evidence: aval case add");
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)), path);
        }
        catch (DecoderFallbackException)
        {
            throw AvalException.BadInput($"{path}: expected UTF-8, but bytes that are not were found. Nothing was "
                + "done. Save the file as UTF-8.");
        }
    }

    /// <summary>Reads a text.</summary>
    public static Case Parse(string text, string where)
    {
        var problems = new PolicyProblems();
        var begun = YamlValue.Load(text, problems) switch
        {
            YamlValue.Map map => Read(new YamlFields(map, "the case", problems), problems),
            { } other => Refused(other.At, "a case is a map of keys", problems),
            null => null,
        };
        return begun is null || problems.Any ? throw problems.ToReading(where).ToException() : begun;
    }

    private static Case? Refused(Place at, string why, PolicyProblems problems)
    {
        problems.Add(at, why);
        return null;
    }

    private static Case? Read(YamlFields fields, PolicyProblems problems)
    {
        fields.RefuseOthers(
            "case", "kind", "title", "jurisdiction", "footing", "national", "file-number", "parties", "allegations",
            "remedies", "deadline", "urgent-from");
        var (name, title) = (fields.Name("case"), fields.Text("title", required: true));
        var kind = fields.Choice("kind", CaseWords.All<CaseKind>());
        var footing = fields.Choice("footing", CaseWords.All<Footing>());
        var jurisdiction = fields.Text("jurisdiction", required: true);
        if (jurisdiction is not null && jurisdiction is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            fields.Add("jurisdiction", "\"jurisdiction\" is a member state's code of ISO 3166, such as DE");
        var parties = Maps(fields, "parties", true, problems).Select(Party).OfType<Party>().ToArray();
        if (!parties.Any(one => one.Role == PartyRole.Claimant) || !parties.Any(one => one.Role
            == PartyRole.Respondent))
            fields.Add("parties", "\"parties\" names a claimant and a respondent at least");
        var deadline = Maps(fields, "deadline", problems).Select(Deadline).FirstOrDefault();
        if (problems.Any || kind is not { } what || footing is not { } on)
            return null;
        return new Case(name!, what, title!, jurisdiction!, on)
        {
            National = fields.Text("national"),
            FileNumber = fields.Text("file-number"),
            Parties = parties,
            Allegations =
            [
                .. Maps(fields, "allegations", false, problems).Select((one, at) => new Allegation(
                    at + 1, Known(one, "text", "law").Text("text", required: true) ?? "",
                    one.Words("law", _ => null), [])),
            ],
            Remedies =
            [
                .. Maps(fields, "remedies", false, problems).Select(one => new Remedy(
                    Known(one, "text", "penalty").Text("text", required: true) ?? "", one.Text("penalty"))),
            ],
            Deadline = deadline,
            UrgentFrom = Day(fields, "urgent-from", required: false),
        };
    }

    private static Party? Party(YamlFields fields)
    {
        Known(fields, "role", "name", "address", "accounts");
        var (role, name) = (fields.Choice("role", CaseWords.All<PartyRole>()), fields.Text("name", required: true));
        var accounts = fields.Words(
            "accounts", word => Account.TryParse(word, out _) ? null : $"an account is written {Account.Example}",
            required: false);
        return role is { } known && name is not null
            ? new Party(known, name, fields.Text("address"), accounts)
            : null;
    }

    private static CaseDeadline Deadline(YamlFields fields)
    {
        Known(fields, "set", "from", "term", "law", "place");
        if (fields.Has("set"))
        {
            if (fields.Has("term") || fields.Has("from"))
                fields.Add("set", "a deadline is a date that was set, or a term: one of these");
            return new CaseDeadline(Day(fields, "set", required: true), null, null, null, null);
        }

        var (term, law) = (fields.Text("term", required: true), fields.Text("law", required: true));
        if (term is not null && !Term.TryParse(term, out _))
            fields.Add("term", $"\"term\" is written as {Term.Example}");
        if (law is not null && !TermLaws.TryParse(law, out _))
            fields.Add("law", $"\"law\" is one of {string.Join(", ", TermLaws.All)}");
        var place = fields.Text("place");
        if (place is not null && !Jurisdictions.TryParse(place, out _))
            fields.Add("place", $"\"place\" is one of {string.Join(", ", Jurisdictions.All)}: whose holidays count. "
                + "Leave it out where they are others', and Saturdays and Sundays alone are known");
        return new CaseDeadline(null, Day(fields, "from", required: true), term, law, place);
    }

    private static DateOnly? Day(YamlFields fields, string key, bool required)
    {
        if (fields.Date(key, required) is not { } day)
            return null;
        if (day.UtcDateTime.TimeOfDay != TimeSpan.Zero)
            fields.Add(key, $"\"{key}\" is a day, such as 2025-05-14, without an hour");
        return DateOnly.FromDateTime(day.UtcDateTime);
    }

    private static YamlFields Known(YamlFields fields, params string[] known)
    {
        fields.RefuseOthers(known);
        return fields;
    }

    private static YamlFields[] Maps(YamlFields fields, string key, bool required, PolicyProblems problems) =>
        [.. fields.List(key, required).Select(value => Map(value, key, problems)).OfType<YamlFields>()];

    // One map that is no list.
    private static YamlFields[] Maps(YamlFields fields, string key, PolicyProblems problems) =>
        fields.Value(key) is { } value && Map(value, key, problems) is { } map ? [map] : [];

    private static YamlFields? Map(YamlValue value, string key, PolicyProblems problems)
    {
        if (value is YamlValue.Map map)
            return new YamlFields(map, $"\"{key}\"", problems);
        problems.Add(value.At, $"\"{key}\" holds maps of keys, but {Found.Describe(value)} was found");
        return null;
    }
}
