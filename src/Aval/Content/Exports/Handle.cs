using System.Text;
using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>How exports name people: handles, mentions with an id, and plain names.</summary>
internal static partial class Handle
{
    /// <summary>
    /// Whether a text is spelled as an Instagram handle: 1–30 lower-case letters, digits, dots and underscores.
    /// </summary>
    public static bool Is(string text) => Spelling().IsMatch(text);

    /// <summary>
    /// The handles that a text addresses (<c>@handle</c>), lower case, without the dot that ends a sentence.
    /// </summary>
    public static IEnumerable<string> In(string text) =>
        Mention().Matches(text).Select(match => match.Groups[1].Value.ToLowerInvariant());

    /// <summary>
    /// Facebook writes a mention as <c>@[id:type:name]</c>: the text keeps the name, as its readers saw it, and the ids
    /// are answered apart.
    /// </summary>
    public static (string Text, IReadOnlyList<string> Ids) Facebook(string text)
    {
        if (!text.Contains("@[", StringComparison.Ordinal))
            return (text, []);
        var ids = new List<string>();
        var shown = FacebookMention().Replace(text, match =>
        {
            ids.Add(match.Groups[1].Value);
            return match.Groups[2].Value;
        });
        return (shown, ids);
    }

    /// <summary>
    /// Somebody known by name only, as an id: in Unicode's normal form C, without what nobody sees, one <c>_</c> for
    /// white space. The name is cut to what an id may hold rather than dropped: a person whose name is long is
    /// protected as well. Empty when there is no name at all.
    /// </summary>
    public static IEnumerable<Account> Outside(string name)
    {
        var seen = new StringBuilder();
        foreach (var word in name.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
        {
            var before = seen.Length;
            foreach (var rune in word.EnumerateRunes().Where(rune => UnicodeText.IsSeen(rune.Value)))
                seen.Append(before > 0 && seen.Length == before ? "_" : "").Append(rune);
        }

        var whole = UnicodeText.Normal(seen.ToString());
        // A name like "2.0" is no number that some program has damaged.
        if (ServiceForms.ItemId(whole).Value is null && Identifier.IsValid(whole))
            whole = "_" + whole;
        var bytes = 0;
        var id = string.Concat(
            whole.EnumerateRunes().TakeWhile(rune => (bytes += rune.Utf8SequenceLength) <= Identifier.MaxBytes));
        return id.Length > 0 ? [new Account(Account.Outside, id)] : [];
    }

    /// <summary>A handle as it is compared: in lower case; Facebook's dots say nothing.</summary>
    public static string Compared(string service, string handle)
    {
        var folded = UnicodeText.LowerCase(handle.TrimStart('@'));
        return service == "facebook" ? folded.Replace(".", "", StringComparison.Ordinal) : folded;
    }

    /// <summary>A name as a tag by name spells it, without case; empty when there is none.</summary>
    public static string Folded(string name) =>
        UnicodeText.LowerCase(string.Concat(Outside(name).Select(account => account.Id)));

    [GeneratedRegex("^[a-z0-9._]{1,30}$", RegexOptions.CultureInvariant)]
    private static partial Regex Spelling();

    [GeneratedRegex(
        @"(?<![\p{L}\p{N}_@./])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex(@"@\[([0-9]{1,30}):(?:[^:\[\]]*:)?([^\[\]]*)\]", RegexOptions.CultureInvariant)]
    private static partial Regex FacebookMention();
}
