using System.Globalization;
using Aval.Choices;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// A choice that somebody said by letter or on the telephone, typed for them. An identity that is typed may be
/// mistyped, so it is told at once when the content does not know it.
/// </summary>
internal static class TypePage
{
    private static readonly ChoiceKind[] Kinds =
    [
        ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Refusal, ChoiceKind.Withdrawal,
        ChoiceKind.Restriction, ChoiceKind.Erasure,
    ];

    /// <summary><c>GET /officer/type</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => Task.FromResult(Form(visit, who, Html.None));

    /// <summary><c>POST /officer/type</c>.</summary>
    public static async Task<IResult> Record(Visit visit, ShownOfficer who)
    {
        var (form, now) = (await visit.Form().ConfigureAwait(false), visit.Desk.Clock.UtcNow());
        var workspace = visit.Desk.Workspace;
        if (!ChoiceKinds.TryParse(form.GetValueOrDefault("kind"), out ChoiceKind kind)
            || !(Kinds.Contains(kind) || (kind is ChoiceKind.RestrictionLifted && who.MayAct)))
            throw AvalException.Usage("What was said is one of the kinds on the form. Nothing was recorded.");
        var account = Account.Parse(form.GetValueOrDefault("account", "").Trim(), workspace.Settings.Services);
        var scope = Scope.TryParse(form.GetValueOrDefault("scope") is { Length: > 0 } said ? said : "everything",
            out var read)
                ? read
                : throw AvalException.Usage("The scope is everything, about-me, service:NAME or item:SERVICE:ID. "
                    + "Nothing was recorded.");
        var own = visit.Desk.Settings.Policy.Purpose;
        var purpose = form.GetValueOrDefault("purpose") is not { Length: > 0 } named ? own
            : Purpose.TryParse(named, out var about) && workspace.Settings.Purposes.Contains(about.Name) ? about
                : throw AvalException.Usage("The purpose is one of those on the form. Nothing was recorded.");
        var day = form.GetValueOrDefault("received", "").Trim();
        if (kind is ChoiceKind.RestrictionLifted)
            RequireAnswered(workspace, account, day);
        var received = RequestsPage.Received(day, now);
        Choice[] act =
        [
            new(kind, account, purpose, scope, MadeAt(kind, received, now), received,
                Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller
                    : who.Role is OfficerRole.Agent ? Actor.Agent : Actor.Person,
                Channel: $"portal, {who.By}"),
        ];
        var acknowledged = await (day.Length == 0 ? visit.Desk.Say(act) : visit.Desk.Record(act))
            .ConfigureAwait(false);
        var entry = acknowledged.Entries.First;
        await visit.Desk.Enter(new ChoiceTyped(now, who.By, entry.Value)).ConfigureAwait(false);
        var recorded = new Recorded(entry, acknowledged.Sealed[0].Choice);
        UnmatchedChoice? unmatched = null;
        await visit.Desk.Look(
            () => UnmatchedChoices.Among(workspace, [recorded], now, one => unmatched = one),
            visit.Http.RequestAborted).ConfigureAwait(false);
        return Form(visit, who, Html.Of($"""
            <p class="said {(unmatched is null ? "good" : "bad")}" role="status">{kind.ToText()} of
            {account.ToString()} is entry {entry.Value.ToString(CultureInfo.InvariantCulture)}{(day.Length == 0 ? ""
                : $", and counts as said on {day}: what was said after it decides")}. {(unmatched is null
                ? "The content knows it."
                : unmatched.Parts is { } parts
                    ? $"The content knows nothing of theirs that {parts} names, so that part has no effect yet."
                    : $"The content does not know it, so it excludes nothing yet.{Alike(unmatched)}")}
            <a href="/receipt/{visit.Desk.Tickets.To(acknowledged.Entries)}">Its receipt</a></p>
            """));
    }

    // What is meant when a letter names none comes first.
    private static IEnumerable<string> Purposes(Visit visit) => visit.Desk.Workspace.Settings.Purposes
        .OrderBy(one => one != visit.Desk.Settings.Policy.Purpose.Name).ThenBy(one => one, StringComparer.Ordinal);

    // What came by letter was said by the day of its receipt: on that day a no counts as the last word and a yes as the
    // first, since nobody knows the hour.
    private static DateTimeOffset MadeAt(ChoiceKind kind, DateTimeOffset received, DateTimeOffset now)
    {
        var last = received.AddDays(1).AddMicroseconds(-1);
        return received == now || !kind.IsProtective() ? received : last < now ? last : now;
    }

    // A restriction is lifted after its person was told (GDPR Art. 18(3)): while nothing was answered nobody was.
    private static void RequireAnswered(Workspace workspace, Account account, string day)
    {
        if (day.Length > 0)
            throw AvalException.Usage("A restriction is lifted by the controller and counts from now on, not from the "
                + "day of a letter. Nothing was recorded. Leave the day empty.");
        if (RequestBook.Of(workspace, account).FirstOrDefault(
            one => one.Right is Right.Restriction && one.IsOpen) is { } asked)
            throw AvalException.Refused($"{account} asked for a restriction, and that request ({asked.Index}) is open: "
                + "its person has to be told before it is lifted (GDPR Art. 18(3)). Nothing was recorded. Answer that "
                + "request first, and say in the answer that and when the restriction is lifted.");
    }

    private static string Alike(UnmatchedChoice unmatched) => unmatched.Nearest.Count == 0
        ? ""
        : $" Spelled alike: {string.Join(", ", unmatched.Nearest)}.";

    private static IResult Form(Visit visit, ShownOfficer who, Html said)
    {
        var kinds = Kinds.Concat(who.MayAct ? [ChoiceKind.RestrictionLifted] : []);
        return OfficerPage.Of(visit, who, "Type a choice", Html.Of($"""
            {said}
            <p>For somebody who said it by letter, on the telephone or through you. It has its effect from the next
            build on, as if they had said it here.</p>
            <form method="post" action="/officer/type">{Forms.Field(visit)}
            <p><label for="kind">What was said</label><select id="kind" name="kind">{kinds.Select(kind =>
                Html.Of($"<option>{kind.ToText()}</option>"))}</select></p>
            <p><label for="account">Account, service:id</label>
            <input id="account" name="account" type="text" required maxlength="300" autocomplete="off"></p>
            <p><label for="scope">About what (empty: everything)</label>
            <input id="scope" name="scope" type="text" maxlength="1000" autocomplete="off"></p>
            <p><label for="purpose">For which purpose</label><select id="purpose" name="purpose">{Purposes(visit)
                .Select(one => Html.Of($"<option>{one}</option>"))}</select></p>
            <p><label for="received">Day of receipt (empty: today)</label>
            <input id="received" name="received" type="date"></p>
            <button>Record</button></form>
            """));
    }
}
