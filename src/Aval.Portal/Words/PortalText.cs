using System.Globalization;
using Aval.Documents;

namespace Aval.Portal.Words;

/// <summary>
/// All that the portal says, in one language: one file a language (<c>Words/LANGUAGE.json</c>), whose members are the
/// properties below, each there. A sentence names what is put into it in braces.
/// </summary>
internal sealed partial class PortalText
{
    private static readonly WordFiles<PortalText> Texts = new("words/", text => text.Language);

    /// <summary>The official languages of the European Union (Regulation No 1/58), in the order of their
    /// codes.</summary>
    public static IReadOnlyList<string> Languages { get; } =
    [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
        "pl", "pt", "ro", "sk", "sl", "sv",
    ];

    /// <summary>Those there are texts in.</summary>
    public static IReadOnlyList<string> Available { get; } = [.. Languages.Where(Texts.Languages.Contains)];

    /// <summary>The text in a language; English where there is none.</summary>
    public static PortalText Of(string? language) =>
        (language is null ? null : Texts.Of(language)) ?? Texts.Of("en")!;

    /// <summary>The first language of an Accept-Language header (RFC 9110 §12.5.4) that there is a text in.</summary>
    public static string Preferred(string? header) => (header ?? "").Split(',')
        .Select(range => range.Split(';'))
        .Select((parts, at) => (Tag: parts[0].Trim().Split('-')[0].ToLowerInvariant(), Weight: Quality(parts), at))
        .Where(one => one.Weight > 0 && Texts.Languages.Contains(one.Tag))
        .OrderByDescending(one => one.Weight).ThenBy(one => one.at)
        .Select(one => one.Tag).FirstOrDefault() ?? "en";

    /// <summary>Its code (BCP 47).</summary>
    public required string Language { get; init; }

    /// <summary>Its own name.</summary>
    public required string Name { get; init; }

    /// <summary>A person wrote or reviewed it with care; consent is asked in such a language alone.</summary>
    public required bool Reviewed { get; init; }

    /// <summary>The months as they stand in a date.</summary>
    public required IReadOnlyList<string> Months { get; init; }

    /// <summary>A date: <c>{day}</c>, <c>{month}</c>, <c>{year}</c>.</summary>
    public required string Date { get; init; }

    /// <summary>A sentence with what its braces name.</summary>
    public static string Fill(string sentence, params ReadOnlySpan<(string Name, string Value)> values)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        foreach (var (name, value) in values)
            sentence = sentence.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return sentence;
    }

    /// <summary>A day, as people write it.</summary>
    public string Day(DateTimeOffset instant)
    {
        var day = instant.UtcDateTime;
        return Fill(
            Date, ("day", day.Day.ToString(CultureInfo.InvariantCulture)), ("month", Months[day.Month - 1]),
            ("year", day.Year.ToString(CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc cref="Day(DateTimeOffset)"/>
    public string Day(DateOnly day) => Day(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));

    /// <summary>A day and the time, UTC.</summary>
    public string Moment(DateTimeOffset instant) =>
        $"{Day(instant)}, {instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>How many posts, in the form that the number takes.</summary>
    public string Count(IReadOnlyDictionary<string, string> forms, long number)
    {
        ArgumentNullException.ThrowIfNull(forms);
        var form = PluralForm.Of(Language, number);
        return Fill(
            forms.TryGetValue(form, out var sentence) ? sentence : forms["other"],
            ("n", number.ToString(CultureInfo.InvariantCulture)));
    }

    private static double Quality(string[] parts)
    {
        var weight = parts.Skip(1).Select(part => part.Trim())
            .FirstOrDefault(part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        return weight is null ? 1
            : double.TryParse(weight[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q)
                ? q
                : 0;
    }
}
