namespace Aval.Choices;

/// <summary>What a choice does, in words for whoever made it.</summary>
internal static class ChoiceMeaning
{
    /// <summary>From when releases honour it: when it had been both made and received.</summary>
    public static DateTimeOffset CountsFrom(this Choice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.MadeAt > choice.ReceivedAt ? choice.MadeAt : choice.ReceivedAt;
    }

    /// <summary>What it does, in one or two sentences (after "It means:").</summary>
    public static string Meaning(this Choice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var what = What(choice);
        return choice.Kind switch
        {
            ChoiceKind.Objection => $"{what} stays out of releases for {choice.Purpose} until the person lifts the "
                + $"objection{Linked(choice)} (GDPR Art. 21).",
            ChoiceKind.ObjectionLifted => $"what was objected to before no longer keeps {what} out of releases for "
                + $"{choice.Purpose}. It holds for {choice.Account} alone.",
            ChoiceKind.Consent => $"the person agrees that {what} is used for "
                + $"{choice.Purpose}{(choice.Until is { } until ? $" until {until.ToText()}" : "")} (GDPR Art. 7). "
                + $"It holds for {choice.Account} alone; an objection that still stands is not lifted by it.",
            ChoiceKind.Withdrawal =>
                $"{what} is no longer used by consent for {choice.Purpose}{Linked(choice)} (GDPR Art. 7(3)).",
            ChoiceKind.Refusal => $"the answer is no: {what} is not used by consent for "
                + $"{choice.Purpose}{Linked(choice)}. Nobody asks again for a year (DMA Art. 5(2)).",
            ChoiceKind.Restriction => $"{what} stays out of releases for {choice.Purpose} while something is "
                + $"examined{Linked(choice)} (GDPR Art. 18).",
            ChoiceKind.RestrictionLifted => $"a restriction no longer keeps {what} out of releases for "
                + $"{choice.Purpose}; the person has been told (GDPR Art. 18(3)). It holds for {choice.Account} alone.",
            ChoiceKind.Erasure => $"{what} that was created at or before {choice.MadeAt.ToText()} is erased for good, "
                + $"for every purpose{Linked(choice)} (GDPR Art. 17).",
            ChoiceKind.Removal => $"{what} stays out of every release, for every purpose (GDPR Art. 9, 17).",
            ChoiceKind.Mandate => $"{choice.Association} may act for the person about {what}, for "
                + $"{choice.Purpose}{(choice.Until is { } end ? $" until {end.ToText()}" : "")} (GDPR Art. 80(1)), "
                + "until the person revokes it (mandate-revoked). It permits and forbids no use by itself.",
            ChoiceKind.MandateRevoked => $"no mandate{(choice.Association is { } id ? $" to {id}" : "")} for "
                + $"{choice.Purpose} that {choice.Account} gave before counts any more{Linked(choice)}.",
        };
    }

    private static string Linked(Choice choice) =>
        choice.Account.Service == Account.Outside ? "" : ", on every account ever linked to this one too";

    private static string What(Choice choice) => string.Join(" and ", choice.Scope.Parts.Select(part => part switch
    {
        ScopePart.Everything => $"all that {choice.Account} publishes",
        ScopePart.OnService on => $"all that {choice.Account} publishes on {on.Service}",
        ScopePart.OneItem one => one.Item.ToString(),
        ScopePart.AboutMe => $"what others publish about {choice.Account}",
        _ => throw new InvalidOperationException($"A scope has a part that has no words: {part}."),
    }));
}
