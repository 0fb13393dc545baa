using System.Globalization;

namespace Aval.Sample;

/// <summary>An account of a fictional person.</summary>
/// <param name="Account">Its name.</param>
/// <param name="DisplayName">Invented.</param>
/// <param name="Handle">Invented, Latin letters.</param>
/// <param name="Since">When it was opened.</param>
internal sealed record Member(Account Account, string DisplayName, string Handle, DateTimeOffset Since);

/// <summary>A fictional person.</summary>
/// <param name="Number">Counts persons; seeds what they do.</param>
/// <param name="Language">What they mostly write.</param>
/// <param name="Country">Declared residence; null = the platform does not know.</param>
/// <param name="BirthYear">As it is.</param>
/// <param name="BirthYearKnown">Whether the platform knows it.</param>
/// <param name="Accounts">One or more.</param>
/// <param name="Link">How the platform knows that the accounts are one person's.</param>
internal sealed record Person(int Number, Language Language, string? Country, int BirthYear, bool BirthYearKnown, IReadOnlyList<Member> Accounts, Link Link);

/// <summary>What the platform knows of a person's accounts.</summary>
internal enum Link
{
    /// <summary>One accounts centre.</summary>
    Linked,

    /// <summary>Nothing: to the platform these are strangers.</summary>
    Unlinked,

    /// <summary>They were linked at the earlier export and are no longer.</summary>
    LinkedBefore,
}

/// <summary>Some thousands of people who do not exist.</summary>
internal static class Persons
{
    private static readonly (string[] Services, int Weight)[] Combinations =
    [
        (["facebook"], 30), (["instagram"], 22), (["whatsapp"], 6), (["threads"], 4),
        (["facebook", "instagram"], 20), (["facebook", "whatsapp"], 7), (["instagram", "threads"], 5), (["facebook", "facebook"], 2),
        (["facebook", "instagram", "whatsapp"], 3), (["facebook", "instagram", "threads"], 1),
    ];

    /// <summary>All but the three of the demo.</summary>
    public static IReadOnlyList<Person> All(int count) => [.. Enumerable.Range(1, count).Select(One)];

    private static Person One(int number)
    {
        var draw = Draw.Of("person", number);
        var language = Language.Draw(draw);
        var country = draw.Percent(5) ? null : draw.Pick(language.Countries);
        var birthYear = draw.Weighted(Ages) switch
        {
            Age.Minor => 2008 + draw.Below(4),
            Age.LatelyAdult => 2003 + draw.Below(5),
            Age.Adult => 1945 + draw.Below(58),
        };
        var known = !draw.Percent(5);
        var services = draw.Weighted(Combinations);
        var link = draw.Weighted([(Link.Linked, 84), (Link.Unlinked, 11), (Link.LinkedBefore, 5)]);
        var given = Names.Given(draw);
        var display = Names.Display(given, language, draw);
        var accounts = services.Select((service, place) => new Member(
            new Account(service, Id(service, number, place)),
            display,
            string.Create(CultureInfo.InvariantCulture, $"{given.ToLowerInvariant()}.{language.Tag}{number * 3 + place}"),
            Opened(birthYear, draw)));
        return new Person(number, language, country, birthYear, known, [.. accounts], link);
    }

    // Nobody of the sample had an account before 13.
    private static DateTimeOffset Opened(int birthYear, Draw draw)
    {
        var earliest = Calendar.YearOf(birthYear, 13);
        return draw.Instant(earliest > Calendar.FirstAccount ? earliest : Calendar.FirstAccount, Calendar.At("2025-03-01"));
    }

    // Seven digits, the first by service, scattered so that neighbours in the list are no neighbours on the platform.
    private static string Id(string service, int number, int place)
    {
        var first = service switch { "facebook" => 1, "instagram" => 2, "threads" => 3, _ => 4 };
        return (first * 1_000_000 + (number * 3 + place) * 7_919 % 900_000 + 50_000).ToString(CultureInfo.InvariantCulture);
    }

    private enum Age
    {
        Minor,
        LatelyAdult,
        Adult,
    }

    private static readonly (Age, int)[] Ages = [(Age.Minor, 6), (Age.LatelyAdult, 8), (Age.Adult, 86)];
}
