using Aval.Choices;
using Aval.Policies;
using Aval.Portal.Words;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>What a person who logged in said, and can say: to object, to answer, to take back, to ask.</summary>
internal static class MyChoicesPage
{
    private const int MostOfAScope = 600;

    /// <summary><c>GET /me</c>.</summary>
    public static async Task<IResult> Get(Visit visit)
    {
        if (visit.Login is not { } login)
            return Problems.Expired(visit);
        var view = await PersonView.Of(visit.Desk, login.Account, visit.Http.RequestAborted).ConfigureAwait(false);
        var (text, asks) = (visit.Text, visit.Desk.Settings.Policy.Basis is LegalBasis.Consent);
        return Page.Of(visit, FirstPage.Heading(visit), Html.Of($"""
            <p>{PortalText.Fill(text.LoggedInAs, ("account", login.Account.ToString()))}{view.Linked.Select(linked =>
                Html.Of($", {linked.Account.ToString()}"))}</p>
            {FirstPage.Facts(visit)}
            {(asks ? Consent(visit, view) : Objection(visit, view))}
            <h2>{text.MyChoices}</h2>
            {(view.Covering.Count + view.Narrower.Count == 0
                ? Html.Of($"<p>{text.NothingSaid}</p>") : Said(visit, view))}
            {Beside(visit, view)}
            {Mandates(visit, view)}
            <h2>{text.Requests}</h2>
            {Request(visit, "restrict", text.Restrict, text.RestrictText)}
            {Request(visit, "erase", text.Erase, text.EraseText)}
            <p>{PortalText.Fill(text.Due, ("date",
                text.Day(Deadline.LastDay(visit.Desk.Clock.UtcNow(), Deadline.Months,
                visit.Desk.Workspace.Settings.WorkingDays))))}
            {PortalText.Fill(text.Complain, ("authority", visit.Desk.Settings.Authority))}</p>
            <p><a href="{visit.Link("/me/requests")}">{text.MyRequests}</a></p>
            <p><a href="{visit.Link("/someone-else")}">{text.Someone}</a></p>
            """));
    }

    private static Html Objection(Visit visit, PersonView view)
    {
        var text = visit.Text;
        if (view.Stance.ObjectedSince is not { } since)
            return Html.Of($"<p>{text.YourRight}</p>{Say(visit, "object", text.Object, text.ObjectNote)}<p "
                + $"class=\"note\">{text.LeaveNote}</p>");
        var services = visit.Desk.Settings.Policy.Rules.OfType<Rule.Services>().SelectMany(rule => rule.Admit)
            .Where(service => service == visit.Login!.Account.Service);
        return Html.Of($"""
            <p class="said">{PortalText.Fill(text.Objected, ("date", text.Day(since)))}</p>
            {Say(visit, "lift", text.Lift, null)}
            <h2>{text.Narrow}</h2>
            <p>{text.NarrowText}</p>
            {Say(visit, "narrow-about-me", text.NarrowAboutMe, null, quiet: true)}
            {services.Select(service => Say(visit, "narrow-service", PortalText.Fill(text.NarrowService, ("service",
                service)), null, quiet: true))}
            <p><a class="button quiet" href="{visit.Link(MyItemsPage.Path)}">{text.NarrowItems}</a></p>
            """);
    }

    private static Html Consent(Visit visit, PersonView view)
    {
        var (text, now) = (visit.Text, visit.Desk.Clock.UtcNow());
        if (view.UnderAge(visit.Desk.Settings.Policy, now) is { } years)
            return Html.Of($"<p class=\"said\">{PortalText.Fill(text.ConsentMinor, ("years", $"{years}"))}</p>");
        var said = Citation.Behind(Cites.Consent, view.Covering, visit.Desk.Settings.Policy.Purpose);
        if (view.Stance is { Consent: ChoiceKind.Consent } && said is not null
            && (view.Stance.ConsentUntil is not { } ended || ended > now))
            return Html.Of($"""
                <p class="said">
                {PortalText.Fill(text.Consented, ("date", text.Day(said.MadeAt)), ("until",
                    view.Stance.ConsentUntil is { } until ? text.Day(until) : "–"))}</p>
                {Say(visit, "withdraw", text.Withdraw, null)}
                """);
        // DMA Art. 5(2): who said no is not asked again within a year; the answer can be changed all the same.
        var locked = said is { Kind: ChoiceKind.Refusal or ChoiceKind.Withdrawal } && said.MadeAt.AddYears(1) > now;
        return locked
            ? Html.Of($"""
                <p class="said">{PortalText.Fill(text.Locked, ("date", text.Day(said!.MadeAt.AddYears(1))))}</p>
                <details><summary>{text.AnswerAnyway}</summary>{Questions(visit, view)}</details>
                """)
            : Questions(visit, view);
    }

    private static Html Questions(Visit visit, PersonView view)
    {
        var (text, settings) = (visit.Text, visit.Desk.Settings);
        if (!text.Reviewed)
        {
            var languages = PortalText.Available.Select(PortalText.Of).Where(one => one.Reviewed);
            return Html.Of($"""
                <p class="said">
                {PortalText.Fill(text.ConsentLanguage, ("languages", string.Join(", ", languages.Select(one =>
                    one.Name))))}</p>
                {Say(visit, "refuse", text.No, null)}
                """);
        }

        var until = visit.Desk.Clock.UtcNow().AddDays(settings.ConsentDays);
        return Html.Of($"""
            <form method="post" action="{visit.Link("/me/answer")}">
            {Forms.Field(visit)}
            {Purposes(visit).Select(purpose => Question(text, purpose))}
            <p class="note">
            {PortalText.Fill(text.ConsentNote, ("date", text.Day(until)), ("version",
                settings.Notice))}{(view.ObjectsTo(settings.Policy.Purpose) ? Html.Of($" {text.YesLifts}")
                    : Html.None)}</p>
            <button>{text.Answer}</button>
            </form>
            """);
    }

    /// <summary>What a person can be asked for: the policy's purpose, and what else the workspace knows.</summary>
    public static IEnumerable<Purpose> Purposes(Visit visit) => Purpose.All
        .Where(purpose => purpose == visit.Desk.Settings.Policy.Purpose
            || visit.Desk.Workspace.Settings.Purposes.Contains(purpose.Name));

    private static string What(PortalText text, Purpose purpose) => purpose == Purpose.CombineServices
        ? text.PurposeCombine
        : purpose == Purpose.SpecialCategories ? text.PurposeSpecial : text.PurposeTrain;

    private static Html Question(PortalText text, Purpose purpose) => Html.Of($"""
        <fieldset><legend>{What(text, purpose)}</legend>
        <div class="answers">
        <label class="choice"><input type="radio" name="{purpose.Name}" value="yes"> {text.Yes}</label>
        <label class="choice"><input type="radio" name="{purpose.Name}" value="no"> {text.No}</label>
        </div></fieldset>
        """);

    private static Html Said(Visit visit, PersonView view)
    {
        var text = visit.Text;
        var all = view.Covering
            .Select(one => new NarrowerChoice(one.Kind, one.MadeAt, one.MadeOn, one.Forgotten, ""))
            .Concat(view.Narrower).OrderByDescending(one => one.MadeAt);
        return Html.Of($"""
            <div class="table" tabindex="0" role="region" aria-label="{text.MyChoices}"><table>
            <thead><tr><th scope="col">{text.When}</th><th scope="col">{text.Said}</th><th scope="col">{text.OnAccount}
            </th></tr></thead>
            <tbody>{all.Select(one => Html.Of($"<tr><td>{text.Day(one.MadeAt)}</td><td>{Words(text,
                one)}</td><td>{(one.Forgotten ? "–" : one.MadeOn.ToString())}</td></tr>"))}</tbody>
            </table></div>
            """);
    }

    // A yes to something beside the policy's own purpose is as easy to take back (GDPR Art. 7(3)), and by itself.
    private static Html Beside(Visit visit, PersonView view)
    {
        var (text, now) = (visit.Text, visit.Desk.Clock.UtcNow());
        Purpose[] given =
        [
            .. new[] { Purpose.CombineServices, Purpose.SpecialCategories }.Where(purpose =>
                purpose != visit.Desk.Settings.Policy.Purpose && view.AgreesTo(purpose, now)),
        ];
        return Html.Of($"""
            {given.Select(purpose => Html.Of($"""
                <p>{What(text, purpose)}: {text.Yes}</p>
                {Say(visit, Saying.Withdraw + purpose.Name, text.Withdraw, null, quiet: true)}
                """))}
            """);
    }

    // Ended in one step, as they were given.
    private static Html Mandates(Visit visit, PersonView view) => view.Mandates.Count == 0 ? Html.None : Html.Of($"""
        <ul>{view.Mandates.Select(one => Html.Of($"<li>{PortalText.Fill(visit.Text.Mandate, ("association",
            one.Association!), ("date", visit.Text.Day(one.MadeAt)))}</li>"))}</ul>
        {Say(visit, "end-mandates", visit.Text.MandatesEnd, null, quiet: true)}
        """);

    // Of many posts the receipt names the others.
    private static string Words(PortalText text, NarrowerChoice one) =>
        ReceiptPage.Said(text, (StatementKind)one.Kind) + (one.Scope.Length == 0 ? ""
            : one.Scope.Length <= MostOfAScope ? $": {one.Scope}"
            : $": {one.Scope.AsSpan(0, one.Scope.LastIndexOf(';', MostOfAScope))}; …");

    private static Html Request(Visit visit, string what, string label, string note) => Html.Of($"""
        <details><summary>{label}</summary><p>{note}</p>{Say(visit, what, label, null)}</details>
        """);

    private static Html Say(Visit visit, string what, string label, string? note, bool quiet = false) => Html.Of($"""
        <form method="post" action="{visit.Link($"/me/{what}")}">{Forms.Field(visit)}
        <p><button{(quiet ? Html.Of($" class=\"quiet\"") : Html.None)}>{label}</button></p>
        {(note is null ? Html.None : Html.Of($"<p class=\"note\">{note}</p>"))}
        </form>
        """);
}
