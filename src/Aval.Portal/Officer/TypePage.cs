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
        var purpose = visit.Desk.Settings.Policy.Purpose;
        var acknowledged = await visit.Desk.Say(new Choice(
            kind, account, purpose, scope, now, now,
            Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller
                : who.Role is OfficerRole.Agent ? Actor.Agent : Actor.Person,
            Channel: $"portal, {who.By}")).ConfigureAwait(false);
        var entry = acknowledged.Entries.First;
        await visit.Desk.Enter(new ChoiceTyped(now, who.By, entry.Value)).ConfigureAwait(false);
        var recorded = new Recorded(entry, acknowledged.Sealed[0].Choice);
        UnmatchedChoice? unmatched = null;
        await visit.Desk.Look(
            () => UnmatchedChoices.Among(workspace, [recorded], now, one => unmatched = one),
            visit.Http.RequestAborted).ConfigureAwait(false);
        return Form(visit, who, Html.Of($"""
            <p class="said {(unmatched is null ? "good" : "bad")}" role="status">{kind.ToText()} of
            {account.ToString()} is entry {entry.Value.ToString(CultureInfo.InvariantCulture)}. {(unmatched is null
                ? "The content knows it."
                : unmatched.Parts is { } parts
                    ? $"The content knows nothing of theirs that {parts} names, so that part has no effect yet."
                    : $"The content does not know it, so it excludes nothing yet.{Alike(unmatched)}")}
            <a href="/receipt/{visit.Desk.Tickets.To(acknowledged.Entries)}">Its receipt</a></p>
            """));
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
            <button>Record</button></form>
            """));
    }
}
