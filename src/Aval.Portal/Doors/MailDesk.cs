using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Aval.Content;
using Aval.Portal.Words;
using Aval.Storage;
using MimeKit;

namespace Aval.Portal.Doors;

/// <summary>
/// Links to log in with, by e-mail. Who asks is answered at once and alike, whether an account carries the address or
/// not, and whether a letter could be sent: looking it up and sending happen afterwards, one at a time. For any number
/// of threads.
/// </summary>
internal sealed class MailDesk : IDisposable
{
    // A mailbox is not for others to fill.
    private const int MostLettersAnHour = 3;
    private const int MostWaiting = 1_000;

    // What a mail server takes as one letter. An address that so many carry is nobody's own.
    internal const int MostAccounts = 1_000;

    private readonly Desk _desk;
    private readonly MailSettings _settings;
    private readonly ContactKey _key;
    private readonly Post _post;
    private readonly Channel<(string Address, PortalText Text)> _asked =
        Channel.CreateBounded<(string, PortalText)>(MostWaiting);

    private readonly ConcurrentDictionary<string, (int Letters, DateTimeOffset Since)> _sent =
        new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;

    /// <summary>Begins to work.</summary>
    /// <exception cref="AvalException">Bad input: a secret cannot be read.</exception>
    public MailDesk(Desk desk, MailSettings settings)
    {
        ArgumentNullException.ThrowIfNull(desk);
        ArgumentNullException.ThrowIfNull(settings);
        (_desk, _settings) = (desk, settings);
        _key = new ContactKey(SecretFile.Read(settings.KeyFile, "mail's key-file"));
        _post = new Post(settings.Post);
        Tickets = new MailTickets(desk.Workspace.ReadKey(), desk.Clock);
        _work = Task.Run(Work);
    }

    /// <summary>The links in letters.</summary>
    public MailTickets Tickets { get; }

    /// <summary>Asks for a letter.</summary>
    /// <param name="address">To whom, in canonical form.</param>
    /// <param name="text">In which language.</param>
    public void Ask(string address, PortalText text)
    {
        ArgumentNullException.ThrowIfNull(address);
        // When too many wait, this one is not sent, and nobody is told who else asks.
        _asked.Writer.TryWrite((address, text));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _work.GetAwaiter().GetResult();
        Tickets.Dispose();
        _stopping.Dispose();
    }

    private async Task Work()
    {
        try
        {
            await foreach (var (address, text) in _asked.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
                await Answer(address, text).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The portal stops; who asked asks again.
        }
    }

    private async Task Answer(string address, PortalText text)
    {
        try
        {
            var contact = _key.Of(address);
            if (!MaySend(contact))
                return;
            var accounts = await _desk.Look(() => Carrying(contact), _stopping.Token).ConfigureAwait(false);
            if (accounts.Count > MostAccounts)
                _desk.Log.Tell("mail with not all links", json =>
                {
                    json.WriteNumber("accounts", accounts.Count);
                    json.WriteNumber("links", MostAccounts);
                });
            if (accounts.Count > 0)
            {
                using var letter = Letter(address, text, accounts);
                await _post.Send(letter, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            // Whatever it is: whoever asks next must not wait in vain for what one letter met.
            // To the operator, without an address: a server's message quotes it, and one of ours may name accounts.
            _desk.Log.Tell("mail not sent", json => json.WriteString("type", failed.GetType().Name));
        }
    }

    private bool MaySend(string contact)
    {
        var now = _desk.Clock.UtcNow();
        foreach (var (old, (_, since)) in _sent)
        {
            if (now - since > TimeSpan.FromHours(1))
                _sent.TryRemove(old, out _);
        }

        return _sent.AddOrUpdate(contact, (1, now), (_, one) => (one.Letters + 1, one.Since)).Letters
            <= MostLettersAnHour;
    }

    // Of the accounts those of a bucket are read: how long it takes must not grow with how many there are.
    private List<Account> Carrying(string contact)
    {
        using var engine = Engine.Open(_desk.Workspace.Temporary, EngineLimits.Default, _desk.Workspace.ReadKey());
        _ = ContentViews.Create(engine, _desk.Workspace, _desk.Clock.UtcNow(), imports: null);
        ContactIndex.KeepNear(engine, _desk.Workspace, contact);
        return engine.Query(
            "SELECT account FROM accounts_now WHERE contact = $contact AND NOT unreadable ORDER BY account",
            row => Account.Parse(row.GetString(0)), ("contact", contact));
    }

    // A letter names services and not accounts: an address may have gone to somebody else.
    private MimeMessage Letter(string address, PortalText text, List<Account> accounts)
    {
        var links = accounts.Take(MostAccounts).Select(account =>
            $"{account.Service}: {_desk.Settings.Address}/login/mail/{Tickets.To(account)}?lang={text.Language}");
        // In figures, which every language reads: so many links, of so many.
        if (accounts.Count > MostAccounts)
            links = links.Append(
                string.Create(CultureInfo.InvariantCulture, $"({MostAccounts} / {accounts.Count})"));
        var controller = _desk.Workspace.Settings.Controller;
        var letter = new MimeMessage
        {
            Subject = PortalText.Fill(text.MailSubject, ("controller", controller)),
            Body = new TextPart("plain")
            {
                Text = PortalText.Fill(text.MailText, ("controller", controller)) + "\n\n"
                    + string.Join("\n\n", links) + "\n\n" + text.MailNote + "\n",
            },
        };
        letter.From.Add(new MailboxAddress(_settings.From.DisplayName, _settings.From.Address));
        letter.To.Add(new MailboxAddress("", address));
        // RFC 3834 §5: nobody is to answer it automatically.
        letter.Headers.Add("Auto-Submitted", "auto-generated");
        return letter;
    }
}
