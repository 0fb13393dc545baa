using Aval.Choices;
using Aval.Content;

namespace Aval.Sample;

/// <summary>
/// The three whose story the demo tells (samples/README.md). Nothing about them is drawn, and nothing but what the story
/// is about keeps an item of theirs out.
/// </summary>
internal static class DemoPersons
{
    private static readonly Account ObjectorOnFacebook = new("facebook", "1000001");
    private static readonly Account ObjectorOnInstagram = new("instagram", "2000001");
    private static readonly Account ConsentingOnFacebook = new("facebook", "1000002");
    private static readonly Account ConsentingOnInstagram = new("instagram", "2000002");
    private static readonly Account LatelyAdult = new("facebook", "1000003");

    /// <summary>The three.</summary>
    public static IReadOnlyList<Person> All { get; } =
    [
        new(0, Language.Of("de"), "DE", 1984, true,
            [new(ObjectorOnFacebook, "Glimezi Beispiel", "glimezi.beispiel", Calendar.At("2011-05-02")), new(ObjectorOnInstagram, "Glimezi Beispiel", "glimezi", Calendar.At("2016-08-14"))], Link.Linked),
        new(0, Language.Of("fr"), "FR", 1979, true,
            [new(ConsentingOnFacebook, "Trobilu Exemple", "trobilu.exemple", Calendar.At("2012-02-20")), new(ConsentingOnInstagram, "Trobilu Exemple", "trobilu", Calendar.At("2018-01-06"))], Link.Linked),
        new(0, Language.Of("nl"), "NL", 2006, true,
            [new(LatelyAdult, "Wixtuva Voorbeeld", "wixtuva.voorbeeld", Calendar.At("2019-09-01"))], Link.Linked),
    ];

    /// <summary>Everybody in time knew of it.</summary>
    public static IEnumerable<Notice> Notices { get; } =
    [
        .. All.SelectMany(person => person.Accounts.Select(member => new Notice(
            member.Account, Calendar.InformationNotice, person.Language.Tag, "in-app", Calendar.At("2025-04-16T08:00:00Z"), Calendar.At("2025-04-16T18:30:00Z")))),
        .. new[] { (ConsentingOnFacebook, "fr"), (ConsentingOnInstagram, "fr"), (LatelyAdult, "nl") }.Select(asked => new Notice(
            asked.Item1, Calendar.ConsentNotice, asked.Item2, "in-app", Calendar.At("2025-09-10T09:00:00Z"), Calendar.At("2025-09-10T09:00:05Z"))),
    ];

    /// <summary>One objects, late and on one account; two consent.</summary>
    public static IEnumerable<Choice> Choices { get; } =
    [
        new(ChoiceKind.Objection, ObjectorOnInstagram, Purpose.TrainGenerativeAi, Scope.Everything, Calendar.At("2025-06-20T19:12:00Z"), Calendar.At("2025-06-20T19:12:04Z"), Channel: "form"),
        Consent(ConsentingOnFacebook, Purpose.TrainGenerativeAi),
        Consent(ConsentingOnFacebook, Purpose.CombineServices),
        Consent(ConsentingOnInstagram, Purpose.TrainGenerativeAi),
        Consent(ConsentingOnInstagram, Purpose.CombineServices),
        Consent(LatelyAdult, Purpose.TrainGenerativeAi),
    ];

    /// <summary>What they speak.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["de", "fr", "nl"];

    /// <summary>How many items one of them has at most.</summary>
    public const int MostItems = 5;

    /// <summary>Their items: public, public since they were written, and in words that nobody else says.</summary>
    public static IEnumerable<ItemVersion> Items(IReadOnlyDictionary<string, IReadOnlyList<Sentence>> sentences)
    {
        ItemVersion Post(Account author, string language, string id, string at, int sentence) => Written(author, language, "post", id, at, sentence, []);
        ItemVersion Caption(Account author, string language, string id, string at, int sentence) => Written(author, language, "caption", id, at, sentence, [new ItemMedia($"photos/{id}.jpg", null, "photo")]);
        ItemVersion Written(Account author, string language, string kind, string id, string at, int sentence, ItemMedia[] media) => new(
            new ItemRow(id, author.Service, kind, author.ToString(), "public", Calendar.At(at), Calendar.At(at), sentences[language][sentence].Text, language, [], null, media), false, Calendar.Observed);

        return
        [
            Post(ObjectorOnFacebook, "de", "100000101", "2014-07-03T17:20:00Z", 0),
            Post(ObjectorOnFacebook, "de", "100000102", "2021-11-12T08:05:00Z", 1),
            Post(ObjectorOnFacebook, "de", "100000103", "2025-11-02T20:41:00Z", 2),
            Caption(ObjectorOnInstagram, "de", "200000101", "2019-08-24T12:00:00Z", 3),
            Caption(ObjectorOnInstagram, "de", "200000102", "2025-10-18T15:30:00Z", 4),
            Post(ConsentingOnFacebook, "fr", "100000201", "2016-03-09T07:45:00Z", 0),
            Post(ConsentingOnFacebook, "fr", "100000202", "2023-06-21T21:10:00Z", 1),
            Post(ConsentingOnFacebook, "fr", "100000203", "2025-12-01T11:00:00Z", 2),
            Caption(ConsentingOnInstagram, "fr", "200000201", "2022-05-30T16:16:00Z", 3),
            Caption(ConsentingOnInstagram, "fr", "200000202", "2025-09-28T10:02:00Z", 4),
            Post(LatelyAdult, "nl", "100000301", "2021-04-10T14:00:00Z", 0),
            Post(LatelyAdult, "nl", "100000302", "2023-10-05T18:22:00Z", 1),
            Post(LatelyAdult, "nl", "100000303", "2024-06-15T09:09:00Z", 2),
            Post(LatelyAdult, "nl", "100000304", "2025-02-11T19:55:00Z", 3),
            Post(LatelyAdult, "nl", "100000305", "2025-11-23T13:37:00Z", 4),
        ];
    }

    private static Choice Consent(Account account, Purpose purpose) => new(
        ChoiceKind.Consent, account, purpose, Scope.Everything, Calendar.At("2025-09-16T18:04:00Z"), Calendar.At("2025-09-16T18:04:02Z"),
        Channel: "portal", Notice: Calendar.ConsentNotice);
}
