using System.Security.Cryptography;
using System.Text;
using Aval.Content;
using Aval.Policies;

namespace Aval.Orders;

/// <summary>
/// Reads order.yaml (docs/formats/order.md). Strict, as a policy is read: what it does not know it refuses, since an
/// order of which a part has no effect would be obeyed in part and look obeyed.
/// </summary>
internal static class OrderReader
{
    private const int MostBytes = 1 << 20;
    private static readonly string[] Known = ["by", "name", "file", "document", "from", "until", "text", "effects"];

    private static readonly string[] Effects = ["stop", "exclude", "delete", "suspend-release", "preserve", "report"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; what it names lies beside it.</param>
    /// <param name="workspace">Under whose key accounts are hashed.</param>
    /// <param name="listed">Receives the accounts that its lists name, which the order itself does not; null = nobody
    /// asks.</param>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input: with every problem's line and
    /// column.</exception>
    public static Order Read(string path, Workspace workspace, ISet<Account>? listed = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: there is no such file. Nothing was recorded.");
        if (new FileInfo(path).Length > MostBytes)
            throw AvalException.BadInput($"{path}: expected an order of at most {MostBytes} bytes, but it is larger. "
                + "Nothing was recorded.");
        var beside = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Parse(File.ReadAllText(path, Encoding.UTF8), path, list =>
        {
            var accounts = AuthorList.Read(workspace, Path.Combine(beside, list));
            listed?.UnionWith(accounts);
            return ListedAuthors.Of(workspace, accounts);
        });
    }

    /// <summary>Reads an order's text.</summary>
    /// <param name="text">The file, verbatim.</param>
    /// <param name="where">The file's name, for messages.</param>
    /// <param name="authors">Reads a list of authors that it names.</param>
    /// <exception cref="AvalException">Bad input, with every problem's line and column.</exception>
    public static Order Parse(string text, string where, Func<string, ListedAuthors> authors)
    {
        var problems = new PolicyProblems();
        var value = YamlValue.Load(text, problems);
        var order = value is YamlValue.Map map
            ? Of(new YamlFields(map, "the order", problems), authors, problems)
            : null;
        if (value is not null and not YamlValue.Map)
            problems.Add(value.At, $"an order is a map, but {Found.Describe(value)} was found");
        return problems.Any || order is null ? throw problems.ToReading(where).ToException() : order;
    }

    /// <summary>SHA-256 of a document, as an order states it.</summary>
    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static Order? Of(
        YamlFields fields, Func<string, ListedAuthors> authors, PolicyProblems problems)
    {
        fields.RefuseOthers(Known);
        var by = fields.Choice(
            "by", ("court", OrderedBy.Court), ("authority", OrderedBy.Authority), ("self", OrderedBy.Self));
        var (name, file, text) = (fields.Text("name", required: true), fields.Text("file", required: true),
            fields.Text("text", required: true));
        var document = fields.Text("document", required: by is OrderedBy.Court or OrderedBy.Authority);
        if (document is not null && (document.Length != 64 || !document.All(char.IsAsciiHexDigitLower)))
            fields.Add("document", "\"document\" is the document's SHA-256, as 64 of 0-9 and a-f: sha256sum FILE");
        var (from, until) = (fields.Date("from", required: true), fields.Date("until", required: false));
        if (until <= from)
            fields.Add("until", "\"until\" lies after \"from\", or the order is never in force");
        var effects = fields.List("effects", required: true)
            .Select(effect => EffectOf(effect, authors, problems)).OfType<OrderEffect>().ToArray();
        if (fields.HasList("effects") && effects.Length == 0 && !problems.Any)
            fields.Add("effects", "\"effects\" lists at least one");
        return by is { } who && from is { } start && name is not null && file is not null && text is not null
            ? new Order(who, name, file, document, start, until, text, effects)
            : null;
    }

    private static OrderEffect? EffectOf(
        YamlValue value, Func<string, ListedAuthors> authors, PolicyProblems problems)
    {
        if (value is not YamlValue.Map map)
        {
            problems.Add(value.At, $"an effect is a map with \"effect\", but {Found.Describe(value)} was found");
            return null;
        }

        var fields = new YamlFields(map, "the effect", problems);
        var word = fields.Text("effect", required: true);
        if (word is null)
            return null;
        switch (word)
        {
            case "stop":
                fields.RefuseOthers("effect", "policies", "corpora", "services", "countries");
                return new OrderEffect.Stop(
                    fields.Words("policies", Name, required: false), fields.Words("corpora", Name, required: false),
                    fields.Words("services", Name, required: false),
                    fields.Words("countries", Country, required: false));
            case "exclude" or "delete":
                return OfItems(word, fields, authors, problems);
            case "suspend-release":
                fields.RefuseOthers("effect", "releases");
                return new OrderEffect.SuspendRelease(fields.Words("releases", Release));
            case "preserve":
                fields.RefuseOthers("effect");
                return new OrderEffect.Preserve();
            case "report":
                fields.RefuseOthers("effect", "what", "by");
                return fields.Text("what", required: true) is { } what && fields.Date("by", required: true) is { } by
                    ? new OrderEffect.Report(what, by)
                    : null;
            default:
                fields.Add(
                    "effect", $"an effect is one of {string.Join(", ", Effects)}, but {Found.Quote(word)} was found"
                    + NearestWord.Suggest(word, Effects));
                return null;
        }
    }

    private static OrderEffect.OfItems? OfItems(
        string word, YamlFields fields, Func<string, ListedAuthors> authors, PolicyProblems problems)
    {
        fields.RefuseOthers("effect", "services", "kinds", "countries", "from", "until", "authors");
        var (services, kinds, countries) = (
            fields.Words("services", Name, required: false), fields.Words("kinds", Kind, required: false),
            fields.Words("countries", Country, required: false));
        var (from, until) = (fields.Date("from", required: false), fields.Date("until", required: false));
        if (until <= from)
            fields.Add("until", "\"until\" lies after \"from\", or nothing was ever written in between");
        if (!fields.Has("authors") && from is null && until is null
            && services.Count + kinds.Count + countries.Count == 0)
            fields.Add("effect", $"{word} says which items: by services, kinds, countries, from, until or authors; to "
                + "stop everything, the effect is stop");
        var list = fields.Text("authors", required: false);
        // A list is read, and what is wrong with it said, once nothing is wrong with the order itself.
        if (problems.Any)
            return null;
        var named = list is null ? null : authors(list);
        OrderEffect.OfItems items = word == "delete"
            ? new OrderEffect.Delete(services, kinds, countries, from, until, named?.Hashes ?? [])
            : new OrderEffect.Exclude(services, kinds, countries, from, until, named?.Hashes ?? []);
        return items with { Ids = named?.Ids, Folded = named?.Folded };
    }

    private static string? Name(string word) => ServiceName.IsValid(word)
        ? null
        : $"a name has only a-z, 0-9 and '-' and begins with a letter, but {Found.Quote(word)} was found";

    private static string? Kind(string word) => Vocabulary.Kinds.Contains(word)
        ? null
        : $"a kind is one of {string.Join(", ", Vocabulary.Kinds)}, but {Found.Quote(word)} was found"
            + NearestWord.Suggest(word, Vocabulary.Kinds);

    private static string? Country(string word) => Residences.Codes.Contains(word)
        ? null
        : $"a country is an ISO 3166-1 alpha-2 code, but {Found.Quote(word)} was found";

    private static string? Release(string word) =>
        word.Split('/') is [var corpus, var release] && ServiceName.IsValid(corpus) && release.Length > 0
            ? null
            : $"a release is named CORPUS/RELEASE, as aval release list does, but {Found.Quote(word)} was found";
}
