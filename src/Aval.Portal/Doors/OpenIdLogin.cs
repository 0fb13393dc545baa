using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aval.Portal.Doors;

/// <summary>Whom a provider showed.</summary>
/// <param name="Id">What the claim that was asked for holds.</param>
/// <param name="Token">The token that says so.</param>
internal sealed record OpenIdAnswer(string Id, string Token);

/// <summary>What one visit sent along to a provider: the answer has to fit all of it.</summary>
/// <param name="Return">Where the answer comes back to: another door's answer is none here.</param>
/// <param name="State">Comes back beside the code.</param>
/// <param name="Nonce">Comes back in the token.</param>
/// <param name="Verifier">Proves that who brings the code asked for it (RFC 7636).</param>
internal sealed record OpenIdRequest(string Return, string State, string Nonce, string Verifier)
{
    /// <summary>SHA-256 of the verifier, as letters: method S256 of RFC 7636 §4.2.</summary>
    public string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
}

/// <summary>
/// A login by OpenID Connect Core 1.0: the code flow with PKCE, discovery, and an ID token under the provider's keys.
/// Nothing is kept of the provider's tokens, and no cookie is set but the visit's.
/// </summary>
internal sealed class OpenIdLogin : IDisposable
{
    // A token that arrives older than this is somebody's store of tokens (OpenID Connect Core §3.1.3.7, item 10).
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), Skew = TimeSpan.FromSeconds(60);

    // Signatures alone: under a shared secret whoever reads the client's settings could write tokens, and "none" is
    // nobody's.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
    ];

    private readonly OpenIdSettings _settings;
    private readonly string _redirect;
    private readonly string? _secret;
    private readonly HttpClient _http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;

    /// <summary>Reads the client's secret; the provider is asked when somebody logs in.</summary>
    /// <param name="settings">What portal.yaml says.</param>
    /// <param name="section">Of portal.yaml, for messages.</param>
    /// <param name="redirect">Where the provider sends people back to.</param>
    /// <exception cref="AvalException">Bad input: the secret cannot be read.</exception>
    public OpenIdLogin(OpenIdSettings settings, string section, string redirect)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _redirect) = (settings, redirect);
        _secret = settings.SecretFile is { } file ? SecretFile.Read(file, $"{section}: secret-file") : null;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = settings.Patience,
            MaxResponseContentBufferSize = 256 << 10,
        };
        _provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            settings.Issuer.ToString().TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(_http) { RequireHttps = !settings.Issuer.IsLoopback });
    }

    /// <summary>What a visit is sent away with.</summary>
    public OpenIdRequest Ask() => new(_redirect, Sessions.Letters(), Sessions.Letters(), Sessions.Letters());

    /// <summary>Where a visit goes to log in.</summary>
    /// <exception cref="HttpRequestException">The provider does not answer.</exception>
    public async Task<string> Address(OpenIdRequest request, string language, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(request);
        var provider = await Provider(stopping).ConfigureAwait(false);
        return QueryHelpers.AddQueryString(provider.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _settings.Client,
            ["redirect_uri"] = _redirect,
            ["scope"] = "openid",
            ["state"] = request.State,
            ["nonce"] = request.Nonce,
            ["code_challenge"] = request.Challenge,
            ["code_challenge_method"] = "S256",
            ["ui_locales"] = language,
        });
    }

    /// <summary>Checks what a visit came back with.</summary>
    /// <param name="request">What it was sent away with.</param>
    /// <param name="state">The state that came back.</param>
    /// <param name="issuer">The issuer that came back beside it (RFC 9207); null = none did.</param>
    /// <param name="code">The code.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="stopping">The visitor is gone.</param>
    /// <returns>Whom it showed; null = nobody.</returns>
    /// <exception cref="HttpRequestException">The provider does not answer.</exception>
    public async Task<OpenIdAnswer?> Check(
        OpenIdRequest request, string state, string? issuer, string code, DateTimeOffset now,
        CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(request);
        var provider = await Provider(stopping).ConfigureAwait(false);
        if (request.Return != _redirect || !IsSame(state, request.State)
            || (issuer is not null && issuer != provider.Issuer)
            || await Redeem(provider, code, request.Verifier, stopping).ConfigureAwait(false) is not { } token)
            return null;
        return await Valid(token, provider, now, stopping).ConfigureAwait(false) is { } claims
            && claims.TryGetPayloadValue<string>("nonce", out var nonce) && IsSame(nonce, request.Nonce)
            && (!claims.TryGetPayloadValue<string>("azp", out var party) || party == _settings.Client)
            && claims.IssuedAt >= (now - Longest).UtcDateTime && claims.IssuedAt <= (now + Skew).UtcDateTime
            && claims.TryGetPayloadValue<string>(_settings.Claim, out var id) && id.Length > 0
            // Whoever may write any address into a profile would be whoever has that address.
            && (_settings.Claim != "email"
                || (claims.TryGetPayloadValue<bool>("email_verified", out var verified) && verified))
                ? new OpenIdAnswer(id, token)
                : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A provider changes its keys: a token under one that is not known yet has them read again, once.
    private async Task<JsonWebToken?> Valid(
        string token, OpenIdConnectConfiguration provider, DateTimeOffset now, CancellationToken stopping)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        var result = await handler.ValidateTokenAsync(token, Rules(provider, now)).ConfigureAwait(false);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            _provider.RequestRefresh();
            provider = await Provider(stopping).ConfigureAwait(false);
            result = await handler.ValidateTokenAsync(token, Rules(provider, now)).ConfigureAwait(false);
        }

        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    private TokenValidationParameters Rules(OpenIdConnectConfiguration provider, DateTimeOffset now) => new()
    {
        ValidIssuer = provider.Issuer,
        ValidAudience = _settings.Client,
        IssuerSigningKeys = provider.SigningKeys,
        ValidAlgorithms = Algorithms,
        RequireExpirationTime = true,
        // By this portal's clock, and not by the library's.
        LifetimeValidator = (notBefore, expires, _, _) =>
            expires is { } ends && now.UtcDateTime - Skew < ends
            && (notBefore is not { } begins || now.UtcDateTime + Skew >= begins),
    };

    private async Task<OpenIdConnectConfiguration> Provider(CancellationToken stopping)
    {
        try
        {
            var provider = await _provider.GetConfigurationAsync(stopping).ConfigureAwait(false);
            // OpenID Connect Discovery §4.3: who answers for another issuer is not the one that was asked.
            return provider.Issuer?.TrimEnd('/') == _settings.Issuer.ToString().TrimEnd('/')
                ? provider
                : throw new HttpRequestException(
                    "The provider's own name for itself is not the issuer in portal.yaml.");
        }
        catch (InvalidOperationException silent)
        {
            throw new HttpRequestException("The provider's configuration could not be read.", silent);
        }
    }

    // The token alone is read of the answer (OpenID Connect Core §3.1.3.3); null = the provider did not want the code.
    private async Task<string?> Redeem(
        OpenIdConnectConfiguration provider, string code, string verifier, CancellationToken stopping)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = _redirect,
            ["client_id"] = _settings.Client,
            ["code_verifier"] = verifier,
        });
        using var asked = new HttpRequestMessage(HttpMethod.Post, provider.TokenEndpoint) { Content = form };
        if (_secret is not null)
            asked.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(_settings.Client)}:{Uri.EscapeDataString(_secret)}")));
        using var answer = await _http.SendAsync(asked, stopping).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
            return null;
        try
        {
            using var said = JsonDocument.Parse(
                await answer.Content.ReadAsByteArrayAsync(stopping).ConfigureAwait(false));
            return said.RootElement.ValueKind == JsonValueKind.Object
                && said.RootElement.TryGetProperty("id_token", out var token)
                && token.ValueKind == JsonValueKind.String
                    ? token.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSame(string left, string right) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
