using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Aval;

/// <summary>
/// Who published, on one service: <c>service:id</c>, split at the first colon. The id is stable and verbatim UTF-8,
/// 1–256 bytes without control characters; never a handle that can be renamed. <c>outside:ID</c> is a person without
/// an account who is mentioned or depicted.
/// </summary>
public readonly record struct Account(string Service, string Id)
{
    /// <summary>The service of persons who have no account here.</summary>
    public const string Outside = "outside";

    /// <summary>What a well-formed account looks like, for messages.</summary>
    public const string Example = "service:id (for example facebook:100044)";

    /// <summary>Reads <c>service:id</c>; <see langword="false"/> when it is anything else.</summary>
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

/// <summary>One piece of content, named: <c>item:service:id</c>, split at the second colon. The id is unique within the service.</summary>
public readonly record struct Item(string Service, string Id)
{
    private const string Prefix = "item:";

    /// <summary>Reads <c>item:service:id</c>; <see langword="false"/> when it is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Item item)
    {
        item = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || !Account.TryParse(text[Prefix.Length..], out var rest))
            return false;
        item = new Item(rest.Service, rest.Id);
        return true;
    }

    /// <summary>Reads <c>item:service:id</c>.</summary>
    /// <exception cref="AvalException">Usage, naming what was found.</exception>
    public static Item Parse(string text) => TryParse(text, out var item)
        ? item
        : throw AvalException.Usage($"An item is written item:service:id (for example item:facebook:98765), but \"{text}\" was found. Nothing was done.");

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{Service}:{Id}";
}

/// <summary>The spelling of a service: <c>[a-z][a-z0-9-]*</c>.</summary>
public static class ServiceName
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

/// <summary>The spelling of an id within a service: 1–256 bytes of UTF-8, no control characters.</summary>
public static class Identifier
{
    /// <summary>The longest id, in bytes of UTF-8.</summary>
    public const int MaxBytes = 256;

    /// <summary>Whether <paramref name="text"/> is spelled as an id.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
            return false;
        foreach (var c in text)
        {
            if (char.IsControl(c))
                return false;
        }

        // A lone surrogate has no UTF-8: it would be written as U+FFFD and name somebody else.
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD'))
                return false;
        }

        return true;
    }
}
