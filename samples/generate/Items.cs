using System.Globalization;
using Aval.Content;

namespace Aval.Sample;

/// <summary>One version of an item.</summary>
/// <param name="Row">Its canonical columns.</param>
/// <param name="Deleted">Gone where it was published.</param>
/// <param name="ObservedAt">When the platform exported it so.</param>
internal sealed record ItemVersion(ItemRow Row, bool Deleted, DateTimeOffset ObservedAt);

/// <summary>What the fictional people published, said to their friends, or asked the AI.</summary>
internal sealed class Items(IReadOnlyDictionary<string, IReadOnlyList<Sentence>> sentences)
{
    private const int MostOfAnAccount = 120;

    // A reply answers one of the latest items of its service, not one from years before.
    private const int Recent = 400;

    private static readonly Dictionary<string, (string, int)[]> Kinds = new()
    {
        ["facebook"] = [("post", 42), ("comment", 40), ("caption", 12), ("reply", 4), ("ai-interaction", 2)],
        ["instagram"] = [("caption", 52), ("comment", 39), ("post", 3), ("reply", 4), ("ai-interaction", 2)],
        ["threads"] = [("post", 58), ("comment", 30), ("reply", 12)],
        ["whatsapp"] = [("post", 60), ("reply", 37), ("ai-interaction", 3)],
    };

    private static readonly Dictionary<string, (string, int)[]> Audiences = new()
    {
        ["facebook"] = [("public", 68), ("friends", 20), ("group", 6), ("private", 3), ("unknown", 3)],
        ["instagram"] = [("public", 74), ("followers", 21), ("private", 3), ("unknown", 2)],
        ["threads"] = [("public", 90), ("followers", 8), ("unknown", 2)],
        ["whatsapp"] = [("private", 88), ("group", 12)],
    };

    private sealed record Draft(Person Person, Member By, int Number, string Kind, string Audience, DateTimeOffset At);

    /// <summary>All items of these people, in the order in which their service numbered them.</summary>
    public IEnumerable<ItemVersion> Of(IReadOnlyList<Person> persons) => persons
        .SelectMany(person => person.Accounts.SelectMany(member => Drafts(person, member)))
        .GroupBy(draft => draft.By.Account.Service, StringComparer.Ordinal)
        .OrderBy(service => service.Key, StringComparer.Ordinal)
        .SelectMany(service => OfService([.. service.OrderBy(draft => draft.At).ThenBy(draft => draft.By.Account.Id, StringComparer.Ordinal).ThenBy(draft => draft.Number)]));

    // Most people write little and a few write a lot: a Pareto tail, cut.
    private static IEnumerable<Draft> Drafts(Person person, Member member)
    {
        var draw = Draw.Of("items " + member.Account.Service, int.Parse(member.Account.Id, CultureInfo.InvariantCulture));
        var count = Math.Min(MostOfAnAccount, (int)(2.5 / (draw.Fraction() + 0.02)));
        for (var number = 0; number < count; number++)
        {
            var kind = draw.Weighted(Kinds[member.Account.Service]);
            var audience = kind == "ai-interaction" ? "assistant" : draw.Weighted(Audiences[member.Account.Service]);
            // There was no assistant to talk to before.
            var from = kind == "ai-interaction" ? Calendar.At("2025-03-20") : member.Since;
            yield return new Draft(person, member, number, kind, audience, draw.Instant(from, Calendar.LastItem));
        }
    }

    private IEnumerable<ItemVersion> OfService(IReadOnlyList<Draft> drafts)
    {
        for (var place = 0; place < drafts.Count; place++)
        {
            foreach (var version in Versions(drafts, place))
                yield return version;
        }
    }

    private IEnumerable<ItemVersion> Versions(IReadOnlyList<Draft> drafts, int place)
    {
        var draft = drafts[place];
        var draw = Draw.Of("item " + draft.By.Account.Service, place);
        var deleted = draw.Percent(1.5);
        var answered = draft.Kind is "comment" or "reply" && place > 0 ? Answered(drafts, place, draw) : -1;
        var mentioned = draw.Percent(6) ? drafts[draw.Below(drafts.Count)].By : null;
        var media = draft.Kind == "caption" || (draft.Kind == "post" && draw.Percent(10)) ? Media(draft, place, draw) : [];
        var written = Written(draft, draw);
        var row = new ItemRow(
            Id(draft, place),
            draft.By.Account.Service,
            draft.Kind,
            draft.By.Account.ToString(),
            draft.Audience,
            draw.Percent(0.3) ? null : draft.At,
            draft.Audience == "public" ? PublicSince(draft.At, draw) : null,
            mentioned is null || written.Text is null ? written.Text : $"@{mentioned.Handle} {written.Text}",
            written.Hint,
            PersonsOf(drafts, answered, mentioned, media, draw),
            answered < 0 ? null : Id(drafts[answered], answered),
            media,
            draw.Percent(0.5) ? "train-ai=n" : null);

        if (draft.At < Calendar.ObservedBefore && draw.Percent(1.5))
            yield return new ItemVersion(Earlier(row), false, Calendar.ObservedBefore);
        yield return deleted
            ? new ItemVersion(row with { Text = null, Media = [], Persons = [], LanguageHint = null }, true, Calendar.Observed)
            : new ItemVersion(row, false, Calendar.Observed);
    }

    // What the earlier export showed: the item before it was made private or public, or before a second thought about its text.
    private static ItemRow Earlier(ItemRow row) => row switch
    {
        { Audience: "friends" or "followers" or "private" } => row with { Audience = "public", PublicSince = row.CreatedAt },
        { PublicSince: { } since } when since >= Calendar.ObservedBefore => row with { Audience = "private", PublicSince = null },
        _ => row with { Text = row.Text?.Split(". ")[0] },
    };

    private static int Answered(IReadOnlyList<Draft> drafts, int place, Draw draw)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var candidate = place - 1 - draw.Below(Math.Min(Recent, place));
            if (drafts[candidate].Kind is not "ai-interaction" && (drafts[candidate].Audience == "public" || drafts[place].Audience != "public"))
                return candidate;
        }

        return -1;
    }

    private static DateTimeOffset? PublicSince(DateTimeOffset written, Draw draw) => draw.Weighted([(0, 88), (1, 8), (2, 4)]) switch
    {
        0 => written,
        1 => draw.Instant(written, Calendar.LastItem),
        _ => null,
    };

    private (string? Text, string? Hint) Written(Draft draft, Draw draw)
    {
        var language = draw.Weighted([(draft.Person.Language.Tag, 88), ("en", 10), (Language.Draw(draw).Tag, 2)]);
        var hint = draw.Weighted([(language, 88), (null, 9), (draft.Person.Language.Tag, 2), ((string?)Language.Draw(draw).Tag, 1)]);
        if (draft.Kind != "caption" && draw.Percent(0.6))
            return (draw.Pick(new[] { null, "", " ", "\n" }), null);
        if (draft.Kind == "caption" && draw.Percent(3))
            return (null, null); // a picture without a word is no empty item
        var count = draw.Weighted(draft.Kind is "comment" or "reply" ? [(1, 45), (2, 45), (3, 10)] : new[] { (1, 14), (2, 56), (3, 30) });
        var text = string.Join(' ', Enumerable.Range(0, count).Select(_ => draw.Pick(sentences[language]).Text));
        return (draw.Percent(7) ? $"{text} {draw.Pick(Signs)}" : text, hint);
    }

    private static readonly string[] Signs = ["🙂", "😀", "👍", "🎉", "❤️", "🤔", "#tip", ":-)"];

    private static ItemMedia[] Media(Draft draft, int place, Draw draw)
    {
        var video = draw.Percent(15);
        var name = string.Create(CultureInfo.InvariantCulture, $"{(video ? "videos" : "photos")}/{draft.At.Year}/{place}.{(video ? "mp4" : "jpg")}");
        return [new ItemMedia(name, null, video ? "video" : "photo")];
    }

    private static ItemPerson[] PersonsOf(IReadOnlyList<Draft> drafts, int answered, Member? mentioned, ItemMedia[] media, Draw draw)
    {
        var persons = new List<ItemPerson>();
        if (answered >= 0)
            persons.Add(new ItemPerson(drafts[answered].By.Account.ToString(), "replied-to"));
        if (mentioned is not null)
            persons.Add(new ItemPerson(mentioned.Account.ToString(), "mentioned"));
        if (media.Length > 0 && draw.Percent(12))
            persons.Add(new ItemPerson(drafts[draw.Below(drafts.Count)].By.Account.ToString(), draw.Percent(60) ? "tagged" : "depicted"));
        if (media.Length > 0 && draw.Percent(4))
            persons.Add(new ItemPerson(Statements.Outsider(draw).ToString(), "depicted"));
        return [.. persons.Distinct()];
    }

    // Nine digits, rising with time, the first by service.
    private static string Id(Draft draft, int place)
    {
        var first = draft.By.Account.Service switch { "facebook" => 1, "instagram" => 2, "threads" => 3, _ => 4 };
        return (first * 100_000_000 + 10_000 + place * 613).ToString(CultureInfo.InvariantCulture);
    }
}
