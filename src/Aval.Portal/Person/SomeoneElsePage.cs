using Aval.Choices;
using Aval.Policies;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// Anybody may have a post kept out (GDPR Art. 9, 17). The answer is the same whether the content has the post or not:
/// nobody learns here who is in it.
/// </summary>
internal static class SomeoneElsePage
{
    /// <summary><c>GET /someone-else</c>.</summary>
    public static IResult Get(Visit visit)
    {
        var text = visit.Text;
        var services = visit.Desk.Workspace.Settings.Services.Stated.Select(stated => stated.Key)
            .Union(visit.Desk.Settings.Policy.Rules.OfType<Rule.Services>().SelectMany(rule => rule.Admit))
            .Order(StringComparer.Ordinal);
        return Page.Of(visit, text.Someone, Html.Of($"""
            <p>{text.SomeoneText}</p>
            <form method="post" action="{visit.Link("/someone-else")}">
            <p><label for="service">{text.SomeoneService}</label><select id="service" name="service">
            {services.Select(service => Html.Of($"<option>{service}</option>"))}</select></p>
            <p><label for="item">{text.SomeoneItem}</label>
            <input id="item" name="item" type="text" required maxlength="256" autocomplete="off"></p>
            <button>{text.SomeoneAsk}</button>
            </form>
            <h2>{text.Mentioned}</h2>
            <p>{text.MentionedText}</p>
            <form method="post" action="{visit.Link("/someone-else/objection")}">
            {MyRequestsPage.Field(visit, "words", text.WhatYouWrite)}
            <p><label for="reach">{text.MentionedReach}</label>
            <input id="reach" name="reach" type="text" maxlength="256" autocomplete="email"></p>
            <button>{text.Object}</button>
            </form>
            """));
    }

    /// <summary>
    /// <c>POST /someone-else/objection</c>: somebody who is only mentioned objects (Art. 21). Who that is in the
    /// content has to be found by a person, so it is a request with a clock, and not yet a choice.
    /// </summary>
    public static async Task<IResult> Object(Visit visit)
    {
        var form = await visit.Form().ConfigureAwait(false);
        var reach = form.GetValueOrDefault("reach", "").Trim();
        if (await MyRequestsPage.Words(visit).ConfigureAwait(false) is not { Length: > 0 } words || reach.Length > 256)
            return MyRequestsPage.Missing(visit);
        var now = visit.Desk.Clock.UtcNow();
        var index = await visit.Desk.Enter(new Asked(
            now, "person", Right.Objection, null, now, "portal", IsAcknowledged: true)
        {
            Text = words,
            Reach = reach.Length == 0 ? null : reach,
        }).ConfigureAwait(false);
        return new Redirect(visit.Link($"/request/{visit.Desk.RequestTickets.To(index)}"));
    }

    /// <summary><c>POST /someone-else</c>.</summary>
    public static async Task<IResult> Ask(Visit visit)
    {
        var form = await visit.Form().ConfigureAwait(false);
        var named = $"item:{form.GetValueOrDefault("service")}:{form.GetValueOrDefault("item")?.Trim()}";
        if (!Item.TryParse(named, out _) || !Scope.TryParse(named, out var scope))
            return Page.Problem(
                visit, visit.Text.Someone, visit.Text.SomeoneWrong, StatusCodes.Status422UnprocessableEntity);
        var now = visit.Desk.Clock.UtcNow();
        return ReceiptPage.SeeOther(visit, await visit.Desk.Record(new Choice(
            ChoiceKind.Removal, Account.Anyone, visit.Desk.Settings.Policy.Purpose, scope, now, now,
            Actor: Actor.Anyone, Channel: "portal")).ConfigureAwait(false));
    }
}
