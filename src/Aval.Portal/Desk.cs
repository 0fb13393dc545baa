using System.Diagnostics;
using Aval.Choices;
using Aval.Ledger;
using Aval.Portal.Api;
using Aval.Portal.Doors;
using Aval.Portal.Officer;
using Aval.Portal.Safety;
using Aval.Recording;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal;

/// <summary>What all pages and endpoints of a running portal share.</summary>
internal sealed class Desk : IDisposable
{
    private readonly Lock _opening = new();
    private Task<Recorder>? _recorder;
    private readonly SemaphoreSlim _looking = new(2);
    private readonly OpenStores _stores;
    private readonly RunningWorkspace _workspace;

    /// <summary>Opens the workspace for recording.</summary>
    /// <exception cref="AvalException">Bad input: a key is missing, or the store cannot be opened.</exception>
    public Desk(Workspace workspace, PortalSettings settings, TimeProvider clock, PortalLog log)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(settings);
        (_workspace, Settings, Clock, Log) = (new RunningWorkspace(workspace), settings, clock, log);
        var key = workspace.ReadKey();
        _stores = new OpenStores(workspace);
        LedgerKey = SigningKey.Read(workspace.SigningKeyFile).Verifier;
        Sessions = new Sessions(clock);
        Agents = new Agents(settings.Agents);
        Links = new NoticeLinks(key, workspace.Settings.Services);
        Tickets = new Tickets(key, clock);
        RequestTickets = new RequestTickets(key);
        Login = settings.Login is { } login
            ? new PlatformLogin(login.Key, settings.Address, workspace.Settings.Services)
            : null;
        OpenId = settings.OpenId is { } provider
            ? new OpenIdLogin(provider.Provider, "openid", settings.Address + Person.OpenIdDoor.Return)
            : null;
        OfficersLogin = settings.Officers is { } officers
            ? new OpenIdLogin(officers.Provider, "officers", settings.Address + Officer.OfficersDoor.Return)
            : null;
        Mail = settings.Mail is { } mail ? new MailDesk(this, mail) : null;
        Issuer = new ReceiptIssuer(workspace);
        OfficerLinks = new OfficerLinks(clock);
        Figures = new FigureShelf(this);
        ParcelKeys = new ParcelKeys(key);
        Cursors = new Cursors(key);
        Rules = new ChoiceRules(workspace.Settings);
    }

    /// <summary>The workspace (<see cref="RunningWorkspace"/>).</summary>
    public Workspace Workspace => _workspace.Now();

    /// <summary>What portal.yaml says.</summary>
    public PortalSettings Settings { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What the operator is told.</summary>
    public PortalLog Log { get; }

    /// <summary>The key under which the ledger is verified.</summary>
    public VerifierKey LedgerKey { get; }

    /// <summary>The visits.</summary>
    public Sessions Sessions { get; }

    /// <summary>Who may call the API.</summary>
    public Agents Agents { get; }

    /// <summary>The links in notices.</summary>
    public NoticeLinks Links { get; }

    /// <summary>The tickets to receipts.</summary>
    public Tickets Tickets { get; }

    /// <summary>The tickets to requests of people without an account.</summary>
    public RequestTickets RequestTickets { get; }

    /// <summary>The links to the officer's side.</summary>
    public OfficerLinks OfficerLinks { get; }

    /// <summary>What the officer's side shows of content and choices.</summary>
    public FigureShelf Figures { get; }

    /// <summary>The platform's login; null = there is none.</summary>
    public PlatformLogin? Login { get; }

    /// <summary>The login of officers by OpenID Connect; null = there is none.</summary>
    public OpenIdLogin? OfficersLogin { get; }

    /// <summary>The login by OpenID Connect; null = there is none.</summary>
    public OpenIdLogin? OpenId { get; }

    /// <summary>The links by e-mail; null = there are none.</summary>
    public MailDesk? Mail { get; }

    /// <summary>
    /// Looks into content: two at a time, since each has an engine with its memory, and on a thread of its own, since
    /// the engine is synchronous.
    /// </summary>
    /// <param name="look">Looks.</param>
    /// <param name="stopping">The visitor is gone.</param>
    public async Task<T> Look<T>(Func<T> look, CancellationToken stopping)
    {
        await _looking.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            return await Task.Run(look, stopping).ConfigureAwait(false);
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>What must hold of every choice.</summary>
    public ChoiceRules Rules { get; }

    /// <summary>Where lists go on.</summary>
    public Cursors Cursors { get; }

    /// <summary>Makes the keys under which acts are brought.</summary>
    public ParcelKeys ParcelKeys { get; }

    /// <summary>Receipts of what was just recorded.</summary>
    public ReceiptIssuer Issuer { get; }

    // Half a second of what a small machine records: whoever comes later is better asked to come again than kept
    // waiting. Of choices in files there may be more, since they cost less each; what is held is bounded by both.
    private const int MostActs = 2_048, MostChoices = 50_000;

    /// <summary>Whether more are waiting to be recorded than can be soon: callers are asked to come again.</summary>
    public bool IsFull => Volatile.Read(ref _acts) >= MostActs || Volatile.Read(ref _choices) >= MostChoices;

    private int _acts, _choices;

    // With this prefix a browser takes the cookie from this host alone, over https alone (RFC 6265bis §4.1.3.2).
    /// <summary>The name of the one cookie.</summary>
    public string Cookie => IsSecure ? "__Host-aval" : "aval";

    /// <summary>How it is set: no script reads it, no other site sends it along with a form.</summary>
    public CookieOptions CookieOptions => new()
    {
        HttpOnly = true,
        Secure = IsSecure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };

    /// <summary>Whether people come over https.</summary>
    public bool IsSecure => Settings.Url.Scheme == Uri.UriSchemeHttps;

    /// <summary>Records one act; the task ends when a signed checkpoint covers it.</summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule. Busy: nothing was recorded.</exception>
    public Task<Acknowledgement> Record(params IReadOnlyList<Choice> act) =>
        Counted(act.Count, recorder => recorder.Record(act));

    /// <summary>
    /// Records what somebody says now, each choice made at the clock's instant; what <see cref="SaidNow"/> says of a
    /// clock that was set back.
    /// </summary>
    /// <exception cref="ClockBehindException">The clock is too far behind.</exception>
    /// <exception cref="AvalException">As of <see cref="Record"/>.</exception>
    public Task<Acknowledgement> Say(params IReadOnlyList<Choice> act) => Record(MadeNow(act));

    /// <summary>Choices that somebody makes now, with the instants at which they count as made
    /// (<see cref="SaidNow"/>).</summary>
    /// <exception cref="ClockBehindException">The clock is too far behind.</exception>
    public IReadOnlyList<Choice> MadeNow(IReadOnlyList<Choice> act) =>
        act.Count == 0 ? act : _stores.Ask(store => SaidNow.Of(Workspace, store, act));

    /// <summary>The same under a key: what is recorded under it already is not recorded again.</summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule. Busy: nothing was recorded.</exception>
    public Task<Brought> Bring(IReadOnlyList<Choice> act, ParcelKey? key) =>
        Counted(act.Count, recorder => recorder.Bring(act, key));

    /// <summary>What was recorded under a key; nothing is recorded now.</summary>
    /// <exception cref="AvalException">Busy: nothing was recorded.</exception>
    public Task<Brought> Again(ParcelKey key) => Counted(0, recorder => recorder.Again(key));

    // Opened when the first choice comes, and tried again when that failed: a database may be back by then. By a thread
    // of its own, while all others wait without holding one: they would be those that the database's client needs.
    private Task<Recorder> Recorder()
    {
        lock (_opening)
        {
            if (_recorder is null or { IsFaulted: true })
                _recorder = Task.Factory.StartNew(
                    () => Recording.Recorder.Open(Workspace, Clock), CancellationToken.None,
                    TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return _recorder;
        }
    }

    private async Task<T> Counted<T>(int choices, Func<Recorder, Task<T>> recording)
    {
        var began = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _acts);
        Interlocked.Add(ref _choices, choices);
        Telemetry.Waiting.Add(1);
        try
        {
            var recorded = await recording(await Recorder().ConfigureAwait(false)).ConfigureAwait(false);
            Telemetry.Choices.Add(choices);
            return recorded;
        }
        finally
        {
            Interlocked.Add(ref _choices, -choices);
            Interlocked.Decrement(ref _acts);
            Telemetry.Waiting.Add(-1);
            Telemetry.Recording.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>Enters what somebody asks, answers or does; the task ends when a signed checkpoint covers it.</summary>
    /// <returns>Its entry.</returns>
    public async Task<EntryIndex> Enter(Doing doing) =>
        (await Counted(1, recorder => recorder.Enter(doing.Seal())).ConfigureAwait(false)).Entries.First;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_recorder is { IsCompletedSuccessfully: true } recorder)
            recorder.Result.Dispose();
        _stores.Dispose();
        Mail?.Dispose();
        OpenId?.Dispose();
        OfficersLogin?.Dispose();
        Links.Dispose();
        Tickets.Dispose();
        RequestTickets.Dispose();
        Cursors.Dispose();
        _looking.Dispose();
    }
}
