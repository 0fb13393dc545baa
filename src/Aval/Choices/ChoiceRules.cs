using System.Globalization;
using System.Text;

namespace Aval.Choices;

/// <summary>One thing that is wrong with a choice.</summary>
/// <param name="Column">In which column (docs/formats/choices.md).</param>
/// <param name="Should">What should be there, after the word "should": "hold …", "be empty …".</param>
/// <param name="Found">What is there; null = nothing.</param>
internal sealed record ChoiceFault(string Column, string Should, string? Found)
{
    /// <summary>In a sentence; <paramref name="place"/> says where it is, for example <c>column "until"</c>.</summary>
    public string Describe(string place) =>
        $"{place} should {Should}, but {(Found is null ? "is empty" : $"holds \"{Shown.Of(Found)}\"")}.";
}

/// <summary>What must hold of every choice that is recorded (docs/design.md, "Choices and stance").</summary>
internal sealed class ChoiceRules(Settings settings)
{
    /// <summary>The longest scope, channel or notice version, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 1024;

    /// <summary>
    /// How far a statement's dates may be ahead of the clock that records it: clocks differ, people do not.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private readonly HashSet<string> _purposes = [.. settings.Purposes];

    /// <summary>The forms of the services' ids.</summary>
    public ServiceForms Services => settings.Services;

    /// <summary>Everything that is wrong with a choice; empty when it may be recorded.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="now">The instant of the clock that records it.</param>
    public IEnumerable<ChoiceFault> Faults(Choice choice, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return Faults();

        IEnumerable<ChoiceFault> Faults()
        {
            if (AccountFault(choice) is { } account)
                yield return account;
            if (!_purposes.Contains(choice.Purpose.Name))
                yield return new ChoiceFault(
                    "purpose", $"hold a purpose that aval.yaml lists ({string.Join(", ", settings.Purposes)})",
                    choice.Purpose.Name);
            if (ScopeFault(choice) is { } scope)
                yield return scope;
            foreach (var fault in InstantFaults(choice, now))
                yield return fault;
            if (ActorFault(choice) is { } actor)
                yield return actor;
            if (NoticeFault(choice) is { } notice)
                yield return notice;
            if (AssociationFault(choice) is { } association)
                yield return association;
            if (choice.Channel is not null && TextFault("channel", choice.Channel) is { } channel)
                yield return channel;
            if (choice.Evidence is { } evidence && !(evidence.Length == 64 && evidence.All(char.IsAsciiHexDigitLower)))
                yield return new ChoiceFault("evidence", "hold a SHA-256 in 64 hexadecimal digits", evidence);
        }
    }

    /// <summary>Refuses a choice that breaks a rule.</summary>
    /// <exception cref="AvalException">Bad input, naming the first rule.</exception>
    public void Require(Choice choice, DateTimeOffset now)
    {
        if (Faults(choice, now).FirstOrDefault() is { } fault)
            throw AvalException.BadInput(
                $"{fault.Describe($"The {fault.Column} of this {choice.Kind.ToText()}")} Nothing was recorded.");
    }

    // In another spelling the account would be somebody whom nobody finds.
    private ChoiceFault? AccountFault(Choice choice) =>
        choice.Account == Account.Anyone && (choice.Kind, choice.Actor) is not (ChoiceKind.Removal, Actor.Anyone)
            ? new ChoiceFault(
                "account", "name whom it is about, since this stands for whoever asks for a removal and gives no name",
                choice.Account.ToString())
            : SpellingFault(choice.Account);

    private ChoiceFault? SpellingFault(Account account) =>
        Account.TryParse(account.ToString(), settings.Services, out var formed, out var expected)
            ? formed == account ? null : new ChoiceFault("account", $"hold {formed}", account.ToString())
            : new ChoiceFault("account", $"hold {expected}", account.ToString());

    private static ChoiceFault? ScopeFault(Choice choice)
    {
        var text = choice.Scope.ToString();
        if (TextFault("scope", text) is { } fault)
            return fault;
        if (choice.Kind == ChoiceKind.Removal)
        {
            return choice.Scope.Parts.All(part => part is ScopePart.OneItem)
                ? null
                : new ChoiceFault("scope", "name the item to remove (item:SERVICE:ID; several are joined by ;)", text);
        }

        // A part of a mandate that stayed would be a mandate that nobody gave: what is to remain is given anew.
        if (choice.Kind == ChoiceKind.MandateRevoked && choice.Account.Service != Account.Outside
            && !choice.Scope.Equals(Scope.Everything))
            return new ChoiceFault("scope", "hold everything, since a mandate ends as a whole", text);
        return choice.Account.Service != Account.Outside || choice.Scope.Parts.All(part => part is ScopePart.AboutMe)
            ? null
            : new ChoiceFault("scope", "hold about-me, since somebody outside has published nothing here", text);
    }

    private static IEnumerable<ChoiceFault> InstantFaults(Choice choice, DateTimeOffset now)
    {
        foreach (var (column, instant) in new[] { ("made_at", choice.MadeAt), ("received_at", choice.ReceivedAt) })
        {
            if (!IsMicroseconds(instant))
                yield return new ChoiceFault(
                    column, "hold whole microseconds", instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            else if (instant - now > ClockTolerance)
                yield return new ChoiceFault(
                    column, $"hold an instant that is not more than a day after the clock ({now.ToText()})",
                    instant.ToText());
        }

        if (choice.Until is not { } until)
            yield break;
        if (choice.Kind is not (ChoiceKind.Consent or ChoiceKind.Mandate))
            yield return new ChoiceFault(
                "until", $"be empty, since only a consent or a mandate ends and this is {Named(choice.Kind)}",
                until.ToText());
        else if (!IsMicroseconds(until))
            yield return new ChoiceFault(
                "until", "hold whole microseconds", until.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        else if (until <= choice.MadeAt)
            yield return new ChoiceFault(
                "until", $"hold an instant after the {choice.Kind.ToText()} was made ({choice.MadeAt.ToText()})",
                until.ToText());
    }

    private static bool IsMicroseconds(DateTimeOffset instant) => instant.UtcTicks % TimeSpan.TicksPerMicrosecond == 0;

    private static ChoiceFault? ActorFault(Choice choice)
    {
        var should = (choice.Kind, choice.Actor) switch
        {
            // Freely given, by the data subject (GDPR Art. 4(11)): nobody is asked by himself.
            (ChoiceKind.Consent, Actor.Controller) =>
                "hold person or agent, since a controller cannot consent to its own use (GDPR Art. 4(11))",
            (ChoiceKind.ObjectionLifted, Actor.Controller) =>
                "hold person or agent, since only who objected can lift an objection (GDPR Art. 21)",
            // Who is the other side of what is mandated neither gives a mandate nor takes it away.
            (ChoiceKind.Mandate or ChoiceKind.MandateRevoked, Actor.Controller) =>
                "hold person or agent, since a mandate is the person's to give and to end (GDPR Art. 80(1))",
            (ChoiceKind.RestrictionLifted, not Actor.Controller) =>
                "hold controller, who lifts a restriction after telling the person (GDPR Art. 18(3))",
            (not ChoiceKind.Removal, Actor.Anyone) =>
                $"hold person, agent or controller, since {Named(choice.Kind)} is about the account's own person",
            _ => null,
        };
        return should is null ? null : new ChoiceFault("actor", should, choice.Actor.ToText());
    }

    private static ChoiceFault? NoticeFault(Choice choice) => (choice.Kind, choice.Notice) switch
    {
        (ChoiceKind.Consent, null) => new ChoiceFault(
            "notice", "hold the version of the information notice that the consent answers (GDPR Art. 7(1))", null),
        (ChoiceKind.Consent, { } version) => TextFault("notice", version),
        (_, { } version) => new ChoiceFault(
            "notice", $"be empty, since only a consent answers a notice and this is {Named(choice.Kind)}", version),
        (_, null) => null,
    };

    private static ChoiceFault? AssociationFault(Choice choice) => (choice.Kind, choice.Association) switch
    {
        (ChoiceKind.Mandate, null) => new ChoiceFault(
            "association", "hold the id of the association that the person mandates", null),
        (ChoiceKind.Mandate or ChoiceKind.MandateRevoked, { } id) => Mandates.IsAssociation(id)
            ? EvidenceFault(choice)
            : new ChoiceFault("association", $"hold {Mandates.AssociationForm}", id),
        (ChoiceKind.MandateRevoked, null) => null,
        (_, { } id) => new ChoiceFault(
            "association", $"be empty, since only a mandate names one and this is {Named(choice.Kind)}", id),
        (_, null) => null,
    };

    // Whoever brings what a person said has what the person signed.
    private static ChoiceFault? EvidenceFault(Choice choice) =>
        (choice.Kind, choice.Actor, choice.Evidence) is (ChoiceKind.Mandate, Actor.Agent, null)
            ? new ChoiceFault("evidence", "hold the SHA-256 of what the person signed, since an agent brings it", null)
            : null;

    private static ChoiceFault? TextFault(string column, string text)
    {
        if (text.Length == 0)
            return new ChoiceFault(column, "hold something", null);
        if (text.Any(char.IsControl))
            return new ChoiceFault(column, "hold no control characters", text);
        if (HasLoneSurrogate(text))
            return new ChoiceFault(column, "hold text that has a UTF-8 form", text);
        return Encoding.UTF8.GetByteCount(text) <= MaxTextBytes
            ? null
            : new ChoiceFault(column, $"hold at most {MaxTextBytes} bytes", text);
    }

    // It has no UTF-8: what is stored would not be what was said.
    private static bool HasLoneSurrogate(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (Rune.TryGetRuneAt(text, at, out var rune))
                at += rune.Utf16SequenceLength - 1;
            else
                return true;
        }

        return false;
    }

    private static string Named(ChoiceKind kind) =>
        (kind is ChoiceKind.Objection or ChoiceKind.ObjectionLifted or ChoiceKind.Erasure ? "an " : "a ")
        + kind.ToText();
}
