using Aval.Policies;
using Aval.Portal.Words;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// The first screen: what is used, by whom, why, on which basis, since when, and that one can say no. Nothing is
/// recorded by looking at it, and nothing here can be agreed to: leaving it means nothing (GDPR Art. 4(11), recital
/// 32).
/// </summary>
internal static class FirstPage
{
    /// <summary><c>GET /</c>: without a link.</summary>
    public static IResult Get(Visit visit)
    {
        var text = visit.Text;
        return Page.Of(visit, Heading(visit), Html.Of($"""
            {Facts(visit)}
            <p>{text.YourRight}</p>
            <p>{text.LogInFirst}</p>
            {(visit.Login is null ? WaysIn.Buttons(visit) : Html.None)}
            <p><a href="{visit.Link("/someone-else")}">{text.Someone}</a> · <a href="{visit.Link("/check")}">
            {text.Check}</a></p>
            """));
    }

    /// <summary>
    /// <c>GET /n/LETTERS</c>: by the link in a notice. The page is the same whatever was said before, for whoever holds
    /// the link is not known to be the person.
    /// </summary>
    public static IResult ByLink(Visit visit)
    {
        if (NoticeDoor.Open(visit) is null)
            return NoticeDoor.Dead(visit);
        var text = visit.Text;
        // A yes needs a login; as a button it weighs what the no beside it weighs.
        var answer = visit.Desk.Settings.Policy.Basis is LegalBasis.Consent
            ? Html.Of($"""
                <div class="answers">{WaysIn.First(visit, text.Yes)}{Button(visit, "refuse", text.No, null)}</div>
                """)
            : Html.Of($"""
                <p>{text.YourRight}</p>
                {Button(visit, "object", text.Object, text.ObjectNote)}
                """);
        return Page.Of(visit, Heading(visit), Html.Of($"""
            {Facts(visit)}
            {answer}
            <p class="note">{text.LeaveNote}</p>
            <p class="note">{text.LinkNote}</p>
            <p>{text.LogInNote}</p>
            {WaysIn.Buttons(visit)}
            """));
    }

    /// <summary>The heading that the regime asks for.</summary>
    public static string Heading(Visit visit) => PortalText.Fill(
        visit.Desk.Settings.Policy.Basis is LegalBasis.Consent ? visit.Text.AskHeading : visit.Text.UseHeading,
        ("controller", visit.Desk.Workspace.Settings.Controller));

    /// <summary>What is used, by whom, why, on which basis, since when.</summary>
    public static Html Facts(Visit visit)
    {
        var (text, policy) = (visit.Text, visit.Desk.Settings.Policy);
        var services = policy.Rules.OfType<Rule.Services>().SelectMany(rule => rule.Admit)
            .Select(name => string.Concat(name[..1].ToUpperInvariant(), name.AsSpan(1)));
        return Html.Of($"""
            <dl>
            <dt>{text.What}</dt><dd>{PortalText.Fill(text.WhatText, ("services", string.Join(", ", services)))}</dd>
            <dt>{text.Who}</dt><dd>{visit.Desk.Workspace.Settings.Controller}</dd>
            <dt>{text.Why}</dt><dd>{text.WhyText}</dd>
            <dt>{text.Basis}</dt><dd>{(policy.Basis is LegalBasis.Consent ? text.BasisConsent : text.BasisInterest)}
            </dd>
            <dt>{text.Since}</dt><dd>{text.Day(policy.AppliesFrom)}</dd>
            </dl>
            """);
    }

    private static Html Button(Visit visit, string what, string label, string? note) => Html.Of($"""
        <form method="post" action="{visit.Link($"/n/{visit.Route("letters")}/{what}")}">
        <button>{label}</button>{(note is null ? Html.None : Html.Of($"<p class=\"note\">{note}</p>"))}
        </form>
        """);
}
