namespace Aval.Sample;

/// <summary>One information notice to one account.</summary>
internal sealed record Notice(Account Account, string Version, string Language, string Channel, DateTimeOffset SentAt, DateTimeOffset? DeliveredAt);

/// <summary>Who was told, when, and whom the telling never reached.</summary>
internal static class Notices
{
    private enum Delivery
    {
        AtOnce,
        Within,
        Late,
        Undelivered,
        NeverSent,
    }

    /// <summary>All notices to these people's accounts.</summary>
    public static IEnumerable<Notice> Of(IReadOnlyList<Person> persons) => persons.SelectMany(person => person.Accounts.SelectMany((member, place) => To(person, member, place)));

    private static IEnumerable<Notice> To(Person person, Member member, int place)
    {
        var draw = Draw.Of("notice", person.Number * 3 + place);
        var channel = draw.Weighted([("e-mail", 45), ("in-app", 55)]);
        // The announcement's weeks: nobody was told before, and the last were told in June.
        var sent = draw.Instant(Calendar.Announced, Calendar.At("2025-06-05"));
        DateTimeOffset? delivered = null;
        var delivery = draw.Weighted([(Delivery.AtOnce, 62), (Delivery.Within, 24), (Delivery.Late, 4), (Delivery.Undelivered, 6), (Delivery.NeverSent, 4)]);
        switch (delivery)
        {
            case Delivery.AtOnce:
                delivered = sent.AddSeconds(draw.Below(90));
                break;
            case Delivery.Within:
                delivered = sent.AddSeconds(draw.Below(20 * 24 * 3600));
                break;
            case Delivery.Late: // the person had not opened the app for months: the waiting period runs at the demo's instant
                delivered = draw.Instant(Calendar.At("2025-12-18"), Calendar.At("2026-01-09"));
                break;
            case Delivery.Undelivered or Delivery.NeverSent:
                break;
        }

        if (delivery != Delivery.NeverSent)
            yield return new Notice(member.Account, Calendar.InformationNotice, person.Language.Tag, channel, sent, delivered);
        if (Statements.IsAsked(person) && member.Account.Service != "whatsapp" && (Statements.Answers(person) || delivery is Delivery.AtOnce or Delivery.Within))
        {
            var asked = draw.Instant(Calendar.Asked.AddDays(-12), Calendar.Asked.AddSeconds(-1));
            yield return new Notice(member.Account, Calendar.ConsentNotice, person.Language.Tag, "in-app", asked, asked.AddSeconds(draw.Below(60)));
        }
    }
}
