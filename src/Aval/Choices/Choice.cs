namespace Aval.Choices;

/// <summary>One dated statement. No reason is ever asked, so none is kept.</summary>
/// <param name="Kind">What was said.</param>
/// <param name="Account">On which account, or <c>outside:ID</c>.</param>
/// <param name="Purpose">About which purpose.</param>
/// <param name="Scope">About what.</param>
/// <param name="MadeAt">When the person said it, UTC, microseconds.</param>
/// <param name="ReceivedAt">When it reached the controller, UTC, microseconds.</param>
/// <param name="Until">Consents and mandates only: the instant at which it has ended.</param>
/// <param name="Actor">Who said it.</param>
/// <param name="Channel">By what way (portal, e-mail, bulk file), free text.</param>
/// <param name="Evidence">SHA-256 of what proves it, 64 hexadecimal digits.</param>
/// <param name="Notice">Consents only, and required there: the version of the information notice it answers (Art.
/// 7(1)).</param>
/// <param name="Association">Mandates, and required there: whom the person mandates, by its id
/// (<see cref="Mandates.IsAssociation"/>). Of a revocation: whose mandate ends; null = all.</param>
public sealed record Choice(
    ChoiceKind Kind,
    Account Account,
    Purpose Purpose,
    Scope Scope,
    DateTimeOffset MadeAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? Until = null,
    Actor Actor = Actor.Person,
    string? Channel = null,
    string? Evidence = null,
    string? Notice = null,
    string? Association = null);
