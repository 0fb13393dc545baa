using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Portal.Webhooks;

/// <summary>What a webhook is told.</summary>
/// <param name="Id">The same whenever the same is told again.</param>
/// <param name="Body">JSON: type, timestamp and data.</param>
internal sealed record WebhookMessage(string Id, byte[] Body);

/// <summary>What became of a message.</summary>
internal enum SendOutcome
{
    /// <summary>It was taken (2xx).</summary>
    Taken,

    /// <summary>Not now: to be sent again.</summary>
    NotNow,

    /// <summary>Never again (410).</summary>
    Gone,
}

/// <summary>
/// Sends messages, signed by Standard Webhooks. A name is resolved once, what it leads to is looked at, and the
/// connection goes to that and nowhere else: a name that leads elsewhere a moment later changes nothing. No redirect is
/// followed, no proxy asked, nothing of the answer read but its status.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly IReadOnlyList<IPNetwork> _also;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _client;

    /// <summary>With the system's names.</summary>
    /// <param name="also">Networks that are not public and may be told all the same.</param>
    public WebhookSender(IReadOnlyList<IPNetwork> also)
        : this(also, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>With names of the caller's.</summary>
    internal WebhookSender(
        IReadOnlyList<IPNetwork> also, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_also, _resolve) = (also, resolve);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = Connect,
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = Patience,
        };
    }

    /// <summary>Sends one.</summary>
    public async Task<SendOutcome> Send(
        WebhookSettings hook, WebhookMessage message, DateTimeOffset now, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(hook);
        ArgumentNullException.ThrowIfNull(message);
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url)
        {
            Content = new ByteArrayContent(message.Body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var at = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", at);
        request.Headers.Add("webhook-signature", Signature(hook.Secret, message, at));
        try
        {
            using var answer = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stopping).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? SendOutcome.Taken
                : answer.StatusCode == HttpStatusCode.Gone ? SendOutcome.Gone
                : SendOutcome.NotNow;
        }
        catch (HttpRequestException)
        {
            return SendOutcome.NotNow;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return SendOutcome.NotNow; // It did not answer in time.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>v1, and HMAC-SHA256 of id, timestamp and body, joined by points.</summary>
    internal static string Signature(byte[] secret, WebhookMessage message, string at)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{message.Id}.{at}."), .. message.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed));
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stopping)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await _resolve(host, stopping).ConfigureAwait(false);
        // All of them, since it is not ours to choose which one a name's owner meant.
        var isEncrypted = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        if (addresses.Length == 0 || !addresses.All(address => MayTell(address, isEncrypted)))
            throw new HttpRequestException("The address is not one of the public internet, or not encrypted.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stopping).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool MayTell(IPAddress address, bool isEncrypted)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return _also.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily
            && network.Contains(address)) || (isEncrypted && PublicAddresses.Hold(address));
    }
}
