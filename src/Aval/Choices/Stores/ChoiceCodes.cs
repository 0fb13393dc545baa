namespace Aval.Choices.Stores;

/// <summary>
/// Kinds, purposes and actors as the stores keep them: small numbers that never change their meaning
/// (docs/formats/choices.md).
/// </summary>
internal static class ChoiceCodes
{
    private static readonly ChoiceKind[] Kinds = ByCode(Enum.GetValues<ChoiceKind>(), Of);
    private static readonly Actor[] Actors = ByCode(Enum.GetValues<Actor>(), Of);
    private static readonly Purpose[] Purposes = ByCode([.. Purpose.All], Of);

    public static int Of(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection => 1,
        ChoiceKind.ObjectionLifted => 2,
        ChoiceKind.Consent => 3,
        ChoiceKind.Withdrawal => 4,
        ChoiceKind.Refusal => 5,
        ChoiceKind.Restriction => 6,
        ChoiceKind.RestrictionLifted => 7,
        ChoiceKind.Erasure => 8,
        ChoiceKind.Removal => 9,
        ChoiceKind.Mandate => 10,
        ChoiceKind.MandateRevoked => 11,
    };

    public static int Of(Actor actor) => actor switch
    {
        Actor.Person => 1,
        Actor.Agent => 2,
        Actor.Controller => 3,
        Actor.Anyone => 4,
    };

    public static int Of(Purpose purpose) => purpose.Name switch
    {
        "train-generative-ai" => 1,
        "combine-services" => 2,
        "special-categories" => 3,
        var unknown => throw new InvalidOperationException(
            $"The purpose {unknown} has no number in the stores of choices."),
    };

    /// <exception cref="InvalidDataException">No store can have written the number.</exception>
    public static ChoiceKind ReadKind(long code) => Decode(Kinds, code, "kind");

    /// <inheritdoc cref="ReadKind"/>
    public static Actor ReadActor(long code) => Decode(Actors, code, "actor");

    /// <inheritdoc cref="ReadKind"/>
    public static Purpose ReadPurpose(long code) => Decode(Purposes, code, "purpose");

    /// <summary>The kind of a ledger entry.</summary>
    /// <exception cref="InvalidDataException">No store can have written the number.</exception>
    public static EntryKind ReadEntryKind(long code) =>
        code is >= (long)EntryKind.Choice and <= (long)EntryKind.OfficerAction
            ? (EntryKind)code
            : throw new InvalidDataException($"entry kind {code} is unknown");

    /// <inheritdoc cref="ReadKind"/>
    public static Scope ReadScope(string text) =>
        Scope.TryParse(text, out var scope) ? scope : throw new InvalidDataException($"\"{text}\" is no scope");

    private static T Decode<T>(T[] byCode, long code, string what) => code >= 1 && code <= byCode.Length
        ? byCode[code - 1]
        : throw new InvalidDataException($"{what} {code} is unknown");

    private static T[] ByCode<T>(T[] values, Func<T, int> code)
    {
        var ordered = values.OrderBy(code).ToArray();
        for (var at = 0; at < ordered.Length; at++)
        {
            if (code(ordered[at]) != at + 1)
                throw new InvalidOperationException(
                    $"The numbers of {typeof(T).Name} in the stores of choices have a gap or a double at {at + 1}.");
        }

        return ordered;
    }
}
