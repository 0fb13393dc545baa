using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Portal.Doors;

/// <summary>
/// Under which accounts carry their verified e-mail address (<c>contact</c>): HMAC-SHA256 of the address, 64
/// hexadecimal digits in lower case. The platform makes them; who has a workspace without this key cannot try
/// addresses.
/// </summary>
internal sealed class ContactKey
{
    // Longest path of RFC 5321 §4.5.3.1.3, without its brackets.
    private const int MostLetters = 254;
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    private readonly byte[] _key;

    /// <summary>The key: the bytes of the file's line.</summary>
    public ContactKey(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        _key = Encoding.UTF8.GetBytes(secret);
    }

    /// <summary>The address as it is hashed: letters A–Z in lower case, the domain in its ASCII form (RFC 5890); null =
    /// it is no address that a letter can be sent to.</summary>
    public static string? Canonical(string? address)
    {
        var trimmed = address?.Trim() ?? "";
        // A display name, quotes or comments make the same address look like another.
        if (trimmed.Length > MostLetters || trimmed.Any(IsOfNoAddress)
            || !MailAddress.TryCreate(trimmed, out var parsed) || parsed.Address != trimmed)
            return null;
        try
        {
            var (user, host) = (Lower(parsed.User), Lower(Domains.GetAscii(parsed.Host)));
            return host.Contains('.', StringComparison.Ordinal) || host == "localhost" ? $"{user}@{host}" : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The <c>contact</c> of an address in its canonical form.</summary>
    public string Of(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(canonical)));
    }

    private static bool IsOfNoAddress(char letter) =>
        char.IsControl(letter) || " <>\"(),:;[]\\".Contains(letter, StringComparison.Ordinal);

    private static string Lower(string text) => string.Create(text.Length, text, (letters, from) =>
    {
        for (var at = 0; at < letters.Length; at++)
            letters[at] = char.IsAsciiLetterUpper(from[at]) ? (char)(from[at] | 0x20) : from[at];
    });
}
