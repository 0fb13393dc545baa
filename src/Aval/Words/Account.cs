using System.Diagnostics.CodeAnalysis;

namespace Aval;

/// <summary>
/// Who published, on one service: <c>service:id</c>, split at the first colon. The id is stable, and spelled as
/// <see cref="Identifier"/> says; never a handle that can be renamed. <c>outside:ID</c> is a person without an account
/// who is mentioned or depicted.
/// </summary>
public readonly record struct Account(string Service, string Id)
{
    /// <summary>The service of persons who have no account here.</summary>
    public const string Outside = "outside";

    /// <summary>
    /// In the place of who asks for a removal and gives no account: nobody has to say who he is to have an item looked
    /// away from (GDPR Art. 9, 17).
    /// </summary>
    public static Account Anyone { get; } = new(Outside, "anyone");

    /// <summary>What a well-formed account looks like, for messages.</summary>
    public const string Example = ServiceForms.Example;

    /// <summary>Reads what comes in by a door, and brings its id into the form of its service.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="forms">Of the workspace's services.</param>
    /// <param name="account">The account, in the one spelling that it has behind the door.</param>
    /// <param name="expected">What should stand in its place, to be read after "should hold".</param>
    public static bool TryParse(
        string? text, ServiceForms forms, out Account account, [NotNullWhen(false)] out string? expected)
    {
        ArgumentNullException.ThrowIfNull(forms);
        (var formed, expected) = forms.Account(text ?? "");
        return TryParse(formed, out account);
    }

    /// <summary>Reads what comes in by a door, and brings its id into the form of its service.</summary>
    /// <exception cref="AvalException">Usage, naming what was found.</exception>
    public static Account Parse(string text, ServiceForms forms) =>
        TryParse(text, forms, out var account, out var expected)
            ? account
            : throw AvalException.Usage(
                $"The account should be {expected}, but \"{Shown.Of(text)}\" was found. Nothing was done.");

    /// <summary>Reads <c>service:id</c> behind the door; <see langword="false"/> when it is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Account account)
    {
        account = default;
        if (text is null)
            return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !ServiceName.IsValid(text.AsSpan(0, colon)) || !Identifier.IsValid(text.AsSpan(colon + 1)))
            return false;
        account = new Account(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Reads <c>service:id</c>.</summary>
    /// <exception cref="AvalException">Usage, naming what was found.</exception>
    public static Account Parse(string text) => TryParse(text, out var account)
        ? account
        : throw AvalException.Usage($"An account is written {Example}, but \"{text}\" was found. Nothing was done.");

    /// <inheritdoc/>
    public override string ToString() => $"{Service}:{Id}";
}

/// <summary>
/// One piece of content, named: <c>item:service:id</c>, split at the second colon. The id is unique within the service.
/// </summary>
public readonly record struct Item(string Service, string Id)
{
    private const string Prefix = "item:";

    /// <summary>Reads <c>item:service:id</c>; <see langword="false"/> when it is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Item item)
    {
        item = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Account.TryParse(text[Prefix.Length..], out var rest) || ServiceForms.ItemId(rest.Id).Value is null)
            return false;
        item = new Item(rest.Service, rest.Id);
        return true;
    }

    /// <summary>Reads <c>item:service:id</c>.</summary>
    /// <exception cref="AvalException">Usage, naming what was found.</exception>
    public static Item Parse(string text) => TryParse(text, out var item)
        ? item
        : throw AvalException.Usage("An item is written item:service:id (for example item:facebook:98765), "
            + $"but \"{text}\" was found. Nothing was done.");

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{Service}:{Id}";
}

/// <summary>The spelling of a service: <c>[a-z][a-z0-9-]*</c>.</summary>
internal static class ServiceName
{
    /// <summary>The same rule for the engine (RE2 syntax, whole string).</summary>
    public const string Pattern = "[a-z][a-z0-9-]*";

    /// <summary>Whether <paramref name="text"/> is spelled as a service.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is < 'a' or > 'z')
            return false;
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
                return false;
        }

        return true;
    }
}

/// <summary>
/// The spelling of an id within a service: 1–256 bytes of UTF-8 in Unicode's normal form C, without white space and
/// without characters that nobody sees (Unicode's categories C and Z).
/// </summary>
internal static class Identifier
{
    /// <summary>The longest id, in bytes of UTF-8.</summary>
    public const int MaxBytes = IdSpelling.MaxBytes;

    /// <summary>Whether <paramref name="text"/> is spelled as an id.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => IdSpelling.Expected(text) is null;
}
