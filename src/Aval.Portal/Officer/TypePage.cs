using System.Globalization;
using Aval.Choices;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;
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
            await RequireAnswered(visit, account, now, day).ConfigureAwait(false);
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
        return Form(visit, who, await Said(visit, who, acknowledged, now, day).ConfigureAwait(false));
    }

    // It is recorded by now, and that is said whatever fails from here on: whoever reads that it was not done types it
    // again, and what is typed again is said later than what the person said in between.
    private static async Task<Html> Said(
        Visit visit, ShownOfficer who, Acknowledgement acknowledged, DateTimeOffset now, string day)
    {
        var (desk, recorded) = (
            visit.Desk, new Recorded(acknowledged.Entries.First, acknowledged.Sealed[0].Choice));
        var number = recorded.Index.Value.ToString(CultureInfo.InvariantCulture);
        var untold = await Failing(() => desk.Enter(new ChoiceTyped(now, who.By, recorded.Index.Value)))
            .ConfigureAwait(false);
        UnmatchedChoice? unmatched = null;
        var unlooked = await Failing(() => desk.Look(
            () => UnmatchedChoices.Among(desk.Workspace, [recorded], now, one => unmatched = one),
            visit.Http.RequestAborted)).ConfigureAwait(false);
        var isGood = unmatched is null && untold is null && unlooked is null;
        return Html.Of($"""
            <p class="said {(isGood ? "good" : "bad")}" role="status">{recorded.Choice.Kind.ToText()} of
            {recorded.Choice.Account.ToString()} is entry {number}{(day.Length == 0 ? ""
                : $", and counts as said on {day}: what was said after it decides")}. {(unlooked is null
                    ? Knows(unmatched) : "Whether the content knows it could not be told.")}
            <a href="/receipt/{desk.Tickets.To(acknowledged.Entries)}">Its receipt</a></p>
            {(unlooked is null && untold is null ? Html.None : Html.Of($"""
                <p>It is recorded all the same: do not type it again.{(untold is null ? ""
                    : $" The trail has no entry of it: {untold}")}{(unlooked is null ? ""
                    : $" The content could not be searched: {unlooked}")}</p>
                """))}
            """);
    }

    private static string Knows(UnmatchedChoice? unmatched) => unmatched is null
        ? "The content knows it."
        : unmatched.Parts is { } parts
            ? $"The content knows nothing of theirs that {parts} names, so that part has no effect yet."
            : $"The content does not know it, so it excludes nothing yet.{Alike(unmatched)}";

    // What went wrong; null = nothing did.
    private static async Task<string?> Failing(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (failure is AvalException || FileFailure.Is(failure))
        {
            // In its own words: those for whoever reads a terminal ask that it be done again.
            return failure.Message;
        }
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
    private static async Task RequireAnswered(Visit visit, Account account, DateTimeOffset now, string day)
    {
        if (day.Length > 0)
            throw AvalException.Usage("A restriction is lifted by the controller and counts from now on, not from the "
                + "day of a letter. Nothing was recorded. Leave the day empty.");
        var workspace = visit.Desk.Workspace;
        if (await visit.Desk.Look(
            () => UnansweredRestriction.Of(workspace, now, account), visit.Http.RequestAborted)
            .ConfigureAwait(false) is { } asked)
            throw AvalException.Refused((asked.Account is not { } by || by == account ? $"{account}"
                    : $"{by}, which is the same person as {account} or another spelling of it,")
                + $" asked for a restriction, and that request ({asked.Index}) is open: its person has to be told "
                + "before it is lifted (GDPR Art. 18(3)). Nothing was recorded. Answer that request first, and say in "
                + "the answer that and when the restriction is lifted.");
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
