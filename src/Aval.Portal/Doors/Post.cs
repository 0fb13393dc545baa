using Aval.Storage;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Aval.Portal.Doors;

/// <summary>Hands letters in: to a mail server (RFC 5321), or, for trying the portal out, into a folder.</summary>
internal sealed class Post
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PostSettings _settings;
    private readonly string? _password;

    /// <summary>Reads the password, and makes the folder.</summary>
    /// <exception cref="AvalException">Bad input: the password cannot be read.</exception>
    public Post(PostSettings settings)
    {
        _settings = settings;
        _password = settings is PostSettings.Server { PasswordFile: { } file }
            ? SecretFile.Read(file, "mail's password-file")
            : null;
        if (settings is PostSettings.Drop drop)
            FileModes.MakePrivateFolder(drop.Folder);
    }

    /// <summary>Hands one letter in.</summary>
    /// <exception cref="IOException">It could not be: the server is away, or did not want it.</exception>
    public async Task Send(MimeMessage letter, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(letter);
        switch (_settings)
        {
            case PostSettings.Drop drop:
                using (var bytes = new MemoryStream())
                {
                    await letter.WriteToAsync(bytes, stopping).ConfigureAwait(false);
                    Durable.ReplaceBeside(
                        Path.Combine(drop.Folder, $"{Guid.NewGuid():N}.eml"), bytes.ToArray(), Durable.Private);
                }

                break;
            case PostSettings.Server server:
                await Send(letter, server, stopping).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{_settings} is no way to send.");
        }
    }

    private async Task Send(MimeMessage letter, PostSettings.Server server, CancellationToken stopping)
    {
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security switch
            {
                "tls" => SecureSocketOptions.SslOnConnect,
                "none" => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, stopping).ConfigureAwait(false);
            if (server.User is { } user)
                await client.AuthenticateAsync(user, _password ?? "", stopping).ConfigureAwait(false);
            await client.SendAsync(letter, stopping).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, stopping).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is MailKit.CommandException or MailKit.ProtocolException
            or AuthenticationException or SslHandshakeException or System.Net.Sockets.SocketException
            or TimeoutException or NotSupportedException)
        {
            // What the server says may repeat the address.
            throw new IOException($"The mail server did not take a letter: {refused.GetType().Name}.");
        }
    }
}
