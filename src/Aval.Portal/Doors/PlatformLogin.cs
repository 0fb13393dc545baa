using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aval.Portal.Doors;

/// <summary>What a login showed.</summary>
/// <param name="Account">Whose login it was.</param>
/// <param name="Evidence">SHA-256 of the assertion, token or link, 64 hexadecimal digits: what a choice cites.</param>
internal sealed record ShownLogin(Account Account, string Evidence)
{
    /// <summary>By which way in: a part of the channel that its choices state.</summary>
    public string Way { get; init; } = "login";

    /// <summary>What a choice cites of what was shown.</summary>
    public static string EvidenceOf(string shown) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown)));
}

/// <summary>
/// The platform's fresh login: a JSON Web Token (RFC 7519) under EdDSA (RFC 8037), whose claims are <c>sub</c> (the
/// account, <c>service:id</c>), <c>aud</c> (this portal's URL), <c>nonce</c> (what the portal sent along), <c>iat</c>
/// and <c>exp</c>. It answers the one visit that asked for it, for minutes, once.
/// </summary>
internal sealed class PlatformLogin(VerifierKey key, string audience, ServiceForms services)
{
    /// <summary>For how long an assertion may be meant to be good.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // Clocks of two machines.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private const int MostLetters = 4096;

    // A claim that is there twice would be read as one or the other.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Checks an assertion.</summary>
    /// <param name="assertion">What came.</param>
    /// <param name="nonce">What this visit sent along.</param>
    /// <param name="now">The clock's instant.</param>
    /// <returns>Whose login it is; null = it is none.</returns>
    public ShownLogin? Check(string assertion, string nonce, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        ArgumentNullException.ThrowIfNull(nonce);
        if (assertion.Length > MostLetters || assertion.Split('.') is not [var head, var body, var signature]
            || Decoded(head) is not { } header || Decoded(body) is not { } claims
            || Decoded(signature) is not { } signed
            || !key.Verifies(Encoding.ASCII.GetBytes($"{head}.{body}"), signed))
            return null;
        try
        {
            using var kind = JsonDocument.Parse(header, Strict);
            using var said = JsonDocument.Parse(claims, Strict);
            return IsOurKind(kind.RootElement) && IsFor(said.RootElement, nonce) && IsFresh(said.RootElement, now)
                && Text(said.RootElement, "sub") is { } subject
                && Account.TryParse(subject, services, out var account, out _)
                    ? new ShownLogin(account, ShownLogin.EvidenceOf(assertion))
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes an assertion, as a platform does: for the demo, whose platform is here, and for tests.</summary>
    /// <param name="sign">Signs bytes with the private half of the key.</param>
    /// <param name="audience">The portal's URL.</param>
    /// <param name="account">Whose login.</param>
    /// <param name="nonce">What the portal sent along.</param>
    /// <param name="now">The clock's instant.</param>
    public static string Assert(
        Func<byte[], byte[]> sign, string audience, string account, string nonce, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sign);
        var issued = now.ToUnixTimeSeconds();
        var unsigned = Encoded("""{"alg":"EdDSA","typ":"JWT"}""") + "." + Encoded(JsonSerializer.Serialize(new
        {
            aud = audience,
            exp = issued + 120,
            iat = issued,
            nonce,
            sub = account,
        }));
        return unsigned + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(unsigned)));
    }

    private static bool IsOurKind(JsonElement header) =>
        header.ValueKind == JsonValueKind.Object && Text(header, "alg") == "EdDSA"
        // What is marked critical changes what an assertion means (RFC 7515 §4.1.11).
        && !header.TryGetProperty("crit", out _);

    private bool IsFor(JsonElement claims, string nonce) =>
        claims.ValueKind == JsonValueKind.Object && Text(claims, "aud") == audience
        && Text(claims, "nonce") is { } answered && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(answered), Encoding.UTF8.GetBytes(nonce));

    private static bool IsFresh(JsonElement claims, DateTimeOffset now) =>
        Second(claims, "iat") is { } issued && Second(claims, "exp") is { } ends
        && ends - issued <= (long)Longest.TotalSeconds && ends > issued
        && now.ToUnixTimeSeconds() + (long)Skew.TotalSeconds >= issued
        && now.ToUnixTimeSeconds() - (long)Skew.TotalSeconds < ends;

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Second(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var second) && second is > 0 and < 1L << 40
                ? second
                : null;

    private static byte[]? Decoded(string letters)
    {
        // Trying throws for letters that are none.
        return Base64Url.IsValid(letters) ? Base64Url.DecodeFromChars(letters) : null;
    }

    private static string Encoded(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
