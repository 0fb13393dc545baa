using Aval.Choices;
using CsCheck;

namespace Aval.Tests.Choices;

/// <summary>Any choice that may be recorded at <see cref="Now"/>.</summary>
internal static class ValidChoices
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Service = Gen.OneOf("facebook", "instagram", "a", "x-9");

    // All planes but surrogates on their own and control characters.
    private static readonly Gen<string> Letter = Gen.OneOf(
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Gen.OneOf("é", "ß", "中", "\u0301", "\u202e", "😀", "\ufffd", ";", "%", "%3B", "%25", ":", "\"", ",", "'"));

    private static readonly Gen<string> Text = Letter.Array[1, 20].Select(string.Concat);

    private static readonly Gen<string> Id = Text.Where(text => ServiceForms.ItemId(text).Value is not null);

    // Two of the services say how their ids are written.
    private static readonly Gen<Account> OnService = Gen.Select(
        Service, Id, Gen.Int[0, 1_000_000_000], (service, id, number) =>
            new Account(service, service is "facebook" or "instagram"
                ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : id));

    private static readonly Gen<DateTimeOffset> Past =
        Gen.Long[0, ValidChoices.Now.ToMicroseconds() + 86_400_000_000].Select(Instant.FromMicroseconds);

    private static readonly Gen<ScopePart> Item = Gen.Select(
        Service, Id, (service, id) => (ScopePart)new ScopePart.OneItem(new Item(service, id)));

    private static readonly Gen<ScopePart> Part = Gen.OneOf(
        Gen.Const((ScopePart)new ScopePart.Everything()), Gen.Const((ScopePart)new ScopePart.AboutMe()),
        Service.Select(service => (ScopePart)new ScopePart.OnService(service)), Item);

    public static readonly Gen<Choice> Any =
        from kind in Gen.OneOf(Enum.GetValues<ChoiceKind>())
        from outside in Gen.Bool
        from account in OnService
        from id in Id
        from purpose in Gen.OneOf([.. Purpose.All])
        from parts in (kind == ChoiceKind.Removal
            ? Item
            : outside ? Gen.Const((ScopePart)new ScopePart.AboutMe())
            : kind == ChoiceKind.MandateRevoked ? Gen.Const((ScopePart)new ScopePart.Everything())
            : Part).Array[1, 3]
        from madeAt in Past
        from receivedAt in Past
        from until in Gen.Long[1, 400L * 86_400_000_000].Nullable()
        from actor in Gen.OneOf(Actors(kind))
        from channel in Text.Null()
        from signed in Gen.Byte.Array[32].Select(Convert.ToHexStringLower)
        from evidence in kind == ChoiceKind.Mandate && actor == Actor.Agent
            ? Gen.Const((string?)signed)
            : Gen.OneOf(signed, null)
        from notice in Text
        from named in Gen.Bool
        select new Choice(
            kind, outside ? new Account(Account.Outside, id) : account, purpose, Scope.Of(parts), madeAt, receivedAt,
            kind is ChoiceKind.Consent or ChoiceKind.Mandate && until is { } after
                ? madeAt.AddTicks(after * TimeSpan.TicksPerMicrosecond)
                : null,
            actor, channel, evidence, kind == ChoiceKind.Consent ? notice : null,
            kind == ChoiceKind.Mandate || (kind == ChoiceKind.MandateRevoked && named) ? "rights.example" : null);

    private static Actor[] Actors(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Consent or ChoiceKind.ObjectionLifted or ChoiceKind.Mandate or ChoiceKind.MandateRevoked =>
            [Actor.Person, Actor.Agent],
        ChoiceKind.RestrictionLifted => [Actor.Controller],
        ChoiceKind.Removal => [Actor.Person, Actor.Agent, Actor.Controller, Actor.Anyone],
        _ => [Actor.Person, Actor.Agent, Actor.Controller],
    };
}
