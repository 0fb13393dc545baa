using System.Globalization;
using Aval.Policies;
using Aval.Portal.Words;

namespace Aval.Portal.Telling;

/// <summary>One item that a notice has to tell.</summary>
/// <param name="Provision">Of the GDPR.</param>
/// <param name="Section">Under which heading it stands.</param>
/// <param name="Sentence">What is told; null = it is missing.</param>
/// <param name="Key">The key of notice.yaml that would say it; null = the policy or portal.yaml does.</param>
internal sealed record NoticeItem(string Provision, string Section, string? Sentence, string? Key = null);

/// <summary>
/// The information notice of a policy in one language, as text for the platform's own mailer: what, by whom, why, on
/// which basis, since when, how to object, and the rest of Articles 13, 14 and 21(4) GDPR. <c>{link}</c> is where the
/// mailer puts each account's own link.
/// </summary>
internal sealed class NoticeDraft
{
    /// <summary>Where each account's link goes.</summary>
    public const string Link = "{link}";

    private readonly PortalText _text;
    private readonly NoticeWords _words;
    private readonly NoticeFacts _facts;
    private readonly PortalSettings _portal;
    private readonly Policy _policy;
    private readonly string _controller;

    /// <summary>A draft.</summary>
    /// <param name="workspace">Whose controller tells.</param>
    /// <param name="portal">What portal.yaml says.</param>
    /// <param name="facts">What notice.yaml says.</param>
    /// <param name="policy">The regime that it is about.</param>
    /// <param name="language">Its language.</param>
    /// <exception cref="AvalException">Usage: there is none in that language.</exception>
    public NoticeDraft(
        Workspace workspace, PortalSettings portal, NoticeFacts facts, Policy policy, string language)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        (_portal, _facts, _policy) = (portal, facts, policy);
        _controller = workspace.Settings.Controller;
        _text = PortalText.Of(language);
        _words = NoticeWords.Of(language) ?? throw AvalException.Usage(
            $"--language {Shown.Of(language)}: the notice is there in {string.Join(", ", NoticeWords.Available)}, "
            + "the official languages of the Union. Nothing was written. Draft it in one of these and have it "
            + "translated.");
    }

    /// <summary>Its sentences, and those that it shares with the portal, were read by a person.</summary>
    public bool IsReviewed => _words.Reviewed && _text.Reviewed;

    private bool Asks => _policy.Basis is LegalBasis.Consent;

    /// <summary>Each item, in the order in which it is told; those that are missing too.</summary>
    public IReadOnlyList<NoticeItem> Items() =>
    [
        // First, and apart from all else (Art. 21(4): explicitly, clearly and separately).
        Asks
            ? new("7(2), 7(3)", _words.AskHeading, _words.AskText)
            : new("21(4)", _words.ObjectHeading, _words.ObjectText),
        new("14(1)(d)", _words.DataHeading, PortalText.Fill(_text.WhatText, ("services", Services()))),
        Fact("categories", _words.DataHeading),
        Fact("sources", _words.DataHeading, _words.Sources),
        new("13(1)(a)", _text.Who, Stated("address") is { } address
            ? PortalText.Fill(_words.WhoText, ("controller", _controller), ("address", address))
            : null, "address"),
        .. Optional("representative", _text.Who, _words.Representative),
        Fact("officer", _text.Who, _words.Officer),
        new("13(1)(c)", _text.Why, _text.WhyText),
        new("13(1)(c)", _text.Basis, Asks ? _text.BasisConsent : _text.BasisInterest),
        .. Asks ? [] : new[] { Fact("interests", _text.Basis, _words.Interests) },
        new("13(3)", _text.Since, Since()),
        Fact("recipients", _words.RecipientsHeading),
        new("13(1)(f)", _words.RecipientsHeading, Stated("transfers") is { } transfers
            ? OrNone(transfers, _words.NoTransfers, _words.Transfers)
            : null, "transfers"),
        Fact("kept", _words.KeptHeading),
        new("13(2)(b)", _words.RightsHeading, PortalText.Fill(_words.RightsText, ("contact", _portal.Contact))),
        .. Asks ? new[] { new NoticeItem("13(2)(c)", _words.RightsHeading, _words.WithdrawText) } : [],
        new("13(2)(d)", _words.RightsHeading, PortalText.Fill(
            _words.ComplaintText, ("authority", _portal.Authority))),
        new("13(2)(e)", _words.RightsHeading, _words.NeedText),
        new("13(2)(f)", _words.RightsHeading, Stated("decisions") is { } decisions
            ? OrNone(decisions, _words.NoDecisions, "{text}")
            : null, "decisions"),
    ];

    /// <summary>The text.</summary>
    /// <exception cref="AvalException">Bad input: something that the law asks for is missing; all of it is
    /// named.</exception>
    public string Write()
    {
        var items = Items();
        if (items.Where(item => item.Sentence is null).ToArray() is [_, ..] missing)
            throw AvalException.BadInput($"{NoticeFacts.FileName}: in {_words.Language} this is not said: "
                + string.Join(", ", missing.Select(item => $"{item.Key} (Art. {item.Provision})"))
                + ". No notice was written, since it would not be complete. Say it there.");
        var heading = PortalText.Fill(Asks ? _text.AskHeading : _text.UseHeading, ("controller", _controller));
        var sections = items.GroupBy(item => item.Section)
            .Select(section => $"## {section.Key}\n\n{string.Join("\n\n", section.Select(item => item.Sentence))}\n");
        return $"# {heading}\n\n{string.Join('\n', sections)}\n"
            + PortalText.Fill(_words.VersionText, ("version", _portal.Notice)) + "\n";
    }

    private string? Stated(string key) => _facts.In(key, _words.Language);

    private NoticeItem Fact(string key, string section, string sentence = "{text}") => new(
        NoticeFacts.Keys[key], section,
        Stated(key) is { } said ? PortalText.Fill(sentence, ("text", said)) : null, key);

    private IEnumerable<NoticeItem> Optional(string key, string section, string sentence) =>
        Stated(key) is null ? [] : [Fact(key, section, sentence)];

    private static string OrNone(string said, string none, string sentence) =>
        said == "none" ? none : PortalText.Fill(sentence, ("text", said));

    private string Services() => string.Join(", ", _policy.Rules.OfType<Rule.Services>().SelectMany(rule => rule.Admit)
        .Select(name => string.Concat(name[..1].ToUpperInvariant(), name.AsSpan(1))));

    private string Since()
    {
        var from = PortalText.Fill(_words.SinceText, ("date", _text.Day(_policy.AppliesFrom)));
        return _policy.Rules.OfType<Rule.WaitingPeriod>().FirstOrDefault() is { } waiting
            ? from + " " + PortalText.Fill(
                _words.Waiting, ("days", waiting.Days.ToString(CultureInfo.InvariantCulture)))
            : from;
    }
}
