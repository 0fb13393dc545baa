using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Aval.Proofs;

/// <summary>Which texts are ids of a service.</summary>
public enum IdForm
{
    /// <summary>Whatever an id can be.</summary>
    Text,

    /// <summary>ASCII digits without a leading zero.</summary>
    Number,

    /// <summary>A number, or a user name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, not digits alone.</summary>
    NumberOrName,

    /// <summary>1–30 letters, digits, <c>.</c> and <c>_</c>, of ASCII.</summary>
    Handle,
}

/// <summary>How a service writes its ids.</summary>
/// <param name="Ids">Which texts are ids.</param>
/// <param name="LowerCase">The service takes <c>Kim</c> and <c>kim</c> for one: the id is in lower case.</param>
public sealed record ServiceForm(IdForm Ids, bool LowerCase)
{
    /// <summary>Of a service that states nothing.</summary>
    public static ServiceForm Unstated { get; } = new(IdForm.Text, LowerCase: false);
}

/// <summary>A text brought into the form of an id, or what should stand in its place.</summary>
/// <param name="Value">The one spelling behind the door; null = it has none.</param>
/// <param name="Expected">What should stand there, to be read after "should hold"; null = it stands there.</param>
public readonly record struct Formed(string? Value, string? Expected);

/// <summary>
/// The forms of ids, by service (docs/formats/table.md, "Ids"). An id is brought into its form once, at the door: where
/// content, choices and command lines come in, and where a stranger names an account to a verifier. Behind the door two
/// ids are the same when their bytes are.
/// </summary>
public sealed class ServiceForms : IEquatable<ServiceForms>
{
    /// <summary>What an account looks like, for messages.</summary>
    public const string Example = "service:id (for example facebook:100044)";

    private static readonly (IdForm Form, string Word, string Ids)[] Words =
    [
        (IdForm.Text, "text", "any text"),
        (IdForm.Number, "number", "digits, no leading zero"),
        (IdForm.NumberOrName, "number-or-name",
            "digits without a leading zero, or a user name of letters a–z, digits, \".\", \"_\" and \"-\""),
        (IdForm.Handle, "handle", "1–30 of the letters a–z, digits, \".\" and \"_\""),
    ];

    private readonly KeyValuePair<string, ServiceForm>[] _forms; // In ordinal order, each service once.

    private ServiceForms(IEnumerable<KeyValuePair<string, ServiceForm>> forms) =>
        _forms = [.. forms.GroupBy(stated => stated.Key).Select(same => same.Last())
            .OrderBy(stated => stated.Key, StringComparer.Ordinal)];

    /// <summary>
    /// Facebook's ids are numbers, in older exports user names, and Instagram's exports know a handle only; neither
    /// service tells upper from lower case.
    /// </summary>
    public static ServiceForms Shipped { get; } = new(
    [
        new("facebook", new ServiceForm(IdForm.NumberOrName, LowerCase: true)),
        new("instagram", new ServiceForm(IdForm.Handle, LowerCase: true)),
    ]);

    /// <summary>The words of the forms.</summary>
    public static IEnumerable<string> FormWords => Words.Select(known => known.Word);

    /// <summary>The services that state a form, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, ServiceForm>> Stated => _forms;

    /// <summary>A form's word in files.</summary>
    public static string WordOf(IdForm form) => Array.Find(Words, known => known.Form == form).Word;

    /// <summary>The form that a word names; null = none.</summary>
    public static IdForm? FormOf(string? word) =>
        Array.FindIndex(Words, known => known.Word == word) is >= 0 and var at ? Words[at].Form : null;

    /// <summary>The same, with another form for one service.</summary>
    public ServiceForms With(string service, ServiceForm form) => new([.. _forms, new(service, form)]);

    /// <summary>Brings <c>service:id</c> into its form.</summary>
    public Formed Account(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') && IdSpelling.Hidden(text) is { } hidden)
        {
            var ofName = text.StartsWith("outside:", StringComparison.Ordinal);
            return new Formed(null, ofName ? $"{hidden}; the words of a name are joined by \"_\"" : hidden);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !IsService(text.AsSpan(0, colon)))
            return new Formed(null, Example);
        var id = text.AsSpan(colon + 1);
        if ((IdSpelling.Expected(id) ?? IdSpelling.Damaged(id)) is { } expected)
            return new Formed(null, expected);
        foreach (var (service, form) in _forms)
        {
            if (text.AsSpan(0, colon).SequenceEqual(service))
                return Account(text, colon, form);
        }

        return new Formed(text, null);
    }

    /// <summary>Brings the id of an item into its form, which is the same on every service.</summary>
    public static Formed ItemId(string text) =>
        (IdSpelling.Expected(text) ?? IdSpelling.Damaged(text)) is { } expected
            ? new Formed(null, expected)
            : new Formed(text, null);

    /// <summary>
    /// Brings the name of a link group into its form: that of an account where it holds a colon; else a number without
    /// a leading zero, a hexadecimal id in lower case, or any other id as it is.
    /// </summary>
    public Formed Link(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains(':', StringComparison.Ordinal))
            return Account(text);
        if ((IdSpelling.Expected(text) ?? IdSpelling.Damaged(text)) is { } expected)
            return new Formed(null, expected);
        if (text.Length > 1 && text[0] == '0' && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return new Formed(null, $"a number without leading zeros, {Significant(text)}, or a name (elsewhere this "
                + "one may stand without them, and would be another group)");
        }

        return new Formed(IsHexadecimal(text) ? text.ToLowerInvariant() : text, null);
    }

    /// <summary>
    /// Texts that <see cref="Account(string)"/> leaves as they are, for the engine: RE2 syntax, whole string. Most
    /// accounts are among them.
    /// </summary>
    internal string PlainPattern
    {
        get
        {
            static string Names(IdForm form) => form is IdForm.Handle ? "|[a-z_][a-z0-9._]{0,29}" : "";
            var plain = _forms.Where(stated => stated.Value.Ids is not IdForm.Text)
                .Select(stated => $"{stated.Key}:([1-9][0-9]{{0,29}}{Names(stated.Value.Ids)})").ToArray();
            return plain.Length > 0 ? string.Join('|', plain) : "[^:]";
        }
    }

    /// <summary>The members of a manifest's <c>parameters.services</c>.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("services");
        foreach (var (service, form) in _forms)
        {
            json.WriteStartObject(service);
            json.WriteString("ids", WordOf(form.Ids));
            json.WriteBoolean("lower_case", form.LowerCase);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    internal static ServiceForms Read(JsonElement parameters) => new(parameters.MembersOf("services").Select(member =>
    {
        var (name, lower) = (StrictJson.Name(member), member.Value.Member("lower_case").ValueKind);
        if (FormOf(member.Value.TextOf("ids")) is not { } form
            || lower is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw ProofException.Malformed(
                $"The form of the ids of {ManifestFacts.Printable(name)} is none that this version knows.");
        }

        return KeyValuePair.Create(name, new ServiceForm(form, lower is JsonValueKind.True));
    }));

    /// <inheritdoc/>
    public bool Equals(ServiceForms? other) => other is not null && _forms.SequenceEqual(other._forms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServiceForms);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _forms.Aggregate(0, (hash, stated) => HashCode.Combine(hash, stated.Key, stated.Value));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _forms.Select(stated =>
        $"{stated.Key}: {WordOf(stated.Value.Ids)}{(stated.Value.LowerCase ? ", lower case" : "")}"));

    private static Formed Account(string text, int colon, ServiceForm form)
    {
        // Only ASCII letters have a lower case where only they are allowed: "İ" is no way to write "i".
        var formed = !form.LowerCase ? text
            : form.Ids is IdForm.Text ? text[..(colon + 1)] + UnicodeText.LowerCase(text[(colon + 1)..])
            : Ascii.IsValid(text) ? text.ToLowerInvariant() : text;
        var id = formed.AsSpan(colon + 1);
        if (Fits(id, form.Ids))
        {
            // In lower case a text may be longer.
            var expected = IdSpelling.Expected(id);
            return new Formed(expected is null ? formed : null, expected);
        }

        var ids = Array.Find(Words, known => known.Form == form.Ids).Ids;
        return new Formed(null, $"{text[..colon]}:ID, where ID is {ids}{Remedy(text[(colon + 1)..])}");
    }

    private static bool Fits(ReadOnlySpan<char> id, IdForm form) => form switch
    {
        IdForm.Text => true,
        IdForm.Number => IsNumber(id),
        IdForm.NumberOrName => IsNumber(id) || IsName(id),
        IdForm.Handle => id.Length <= 30 && !id.ContainsAnyExcept(HandleCharacters),
    };

    private const string OfHandles = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

    private static readonly SearchValues<char> HandleCharacters = SearchValues.Create(OfHandles);

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(OfHandles + "-");

    private static bool IsNumber(ReadOnlySpan<char> id) =>
        !id.ContainsAnyExceptInRange('0', '9') && (id[0] != '0' || id.Length == 1);

    // "1e14" is what some program made of a number.
    private static bool IsName(ReadOnlySpan<char> id)
    {
        var letters = 0;
        foreach (var c in id)
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        return letters > 0 && !id.ContainsAnyExcept(NameCharacters)
            && !(letters == 1 && id.IndexOfAny('e', 'E') is > 0 and var at && at < id.Length - 1
                && !id.ContainsAny("._-"));
    }

    private static string Remedy(string id) => id switch
    {
        ['@', ..] => " (a name with @ is how people are addressed: find out the id, or where the name is the id, "
            + "leave the @ out)",
        _ when id.Contains("://", StringComparison.Ordinal)
            || id.StartsWith("www.", StringComparison.OrdinalIgnoreCase) =>
            " (this is the address of a page: give the id alone)",
        ['0', ..] when !id.AsSpan().ContainsAnyExceptInRange('0', '9') =>
            $" (if the zeros were added to fill a column, the id is {Significant(id)}: write it so)",
        _ => "",
    };

    private static string Significant(string digits) => digits.TrimStart('0') is { Length: > 0 } number ? number : "0";

    private static bool IsHexadecimal(string text) =>
        text.Count(char.IsAsciiHexDigit) is >= 32 and var digits && digits + text.Count(c => c == '-') == text.Length;

    private static bool IsService(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
                return false;
        }

        return text[0] is >= 'a' and <= 'z';
    }
}
