using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aval.Portal.Doors;
using Aval.Tests;
using Aval.Tests.Portal;
using MimeKit;

namespace Aval.EndToEnd.Portal;

/// <summary>
/// Logins at `aval serve` by somebody else's programs: OpenIddict as OpenID provider, Debian's aiosmtpd as mail server.
/// </summary>
public sealed class WaysInTests : IClassFixture<WaysInTests.Served>
{
    private readonly Served _served;

    public WaysInTests(Served served) => _served = served;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_by_OpenID_Connect_is_that_accounts_and_its_objection_has_a_receipt()
    {
        using var browser = new Browser(_served.Address, "en");
        var back = await _served.Provider(browser, "7");
        using var entered = await browser.Get(back);
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        var page = await browser.Read("/me");
        Assert.Contains("facebook:7", page, StringComparison.Ordinal);
        using var said = await browser.Send("/me/object", ("form", FormOf(page)));
        Assert.Equal(HttpStatusCode.SeeOther, said.StatusCode);
        var receipt = Receipt.Parse(await browser.Bytes($"{said.Headers.Location}/0"));
        Assert.Equal("facebook:7", receipt.Statement.Account);
    }

    [Fact]
    public async Task A_code_that_is_used_again_or_belongs_to_another_visit_logs_nobody_in()
    {
        using var browser = new Browser(_served.Address, "en");
        using var victim = new Browser(_served.Address, "en");
        var stolen = await _served.Provider(browser, "8");
        // Somebody else's code and state, in a visit that asked for a login of its own.
        await _served.Provider(victim, "9");
        using var injected = await victim.Get(stolen);
        Assert.Equal(HttpStatusCode.Forbidden, injected.StatusCode);
        Assert.DoesNotContain("facebook:", await victim.Read("/"), StringComparison.Ordinal);
        // The right code with another state.
        var mine = await _served.Provider(browser, "8");
        using var altered = await browser.Get(mine.Replace("state=", "state=x", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, altered.StatusCode);
        using var late = await browser.Get(mine);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        var fresh = await _served.Provider(browser, "8");
        using var first = await browser.Get(fresh);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        using var again = await browser.Get(fresh);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Fact]
    public async Task Officers_enter_by_the_organisations_login_as_what_portal_yaml_says_and_nobody_else_does()
    {
        using var ada = new Browser(_served.Address, "en");
        using var asked = await ada.Get("/officer");
        Assert.Equal("/officer/login", asked.Headers.Location!.ToString());
        using var entered = await ada.Get(await _served.Provider(ada, "900", "/officer/login"));
        Assert.Equal("/officer", entered.Headers.Location!.ToString());
        Assert.Contains("officer Ada", await ada.Read("/officer"), StringComparison.Ordinal);
        // Known to the provider is not enough, and an answer to a person's login opens no other door.
        using var other = new Browser(_served.Address, "en");
        using var refused = await other.Get(await _served.Provider(other, "7", "/officer/login"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var personal = await _served.Provider(other, "900");
        using var elsewhere = await other.Get(
            personal.Replace("/login/openid/return", "/officer/login/return", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        using var outside = await other.Get("/officer");
        Assert.Equal(HttpStatusCode.SeeOther, outside.StatusCode);
    }

    [Fact]
    public async Task A_link_by_email_logs_in_once_and_nobody_learns_whether_an_address_is_known()
    {
        using var browser = new Browser(_served.Address, "mt");
        using var unknown = await browser.Send("/login/mail", ("address", "nobody@example.org"));
        using var known = await browser.Send("/login/mail", ("address", " Ana.Fictive@Example.ORG "));
        Assert.Equal(await Browser.TextOf(unknown), await Browser.TextOf(known));
        // One letter after the other: had the first address got one, it would be there before this.
        var letter = await _served.Letter(Ended).WaitAsync(TimeSpan.FromMinutes(1), Ended);
        Assert.Equal("ana.fictive@example.org", letter.To.Mailboxes.Single().Address);
        Assert.DoesNotContain("facebook:12", letter.ToString(), StringComparison.Ordinal);
        var link = new Uri(letter.TextBody!.Split().First(word => word.StartsWith("http", StringComparison.Ordinal)))
            .PathAndQuery;
        await browser.Read(link); // A mail scanner.
        var page = await browser.Read(link);
        using var entered = await browser.Send(link, ("form", FormOf(page)));
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.Contains("facebook:12", await browser.Read("/me"), StringComparison.Ordinal);
        using var again = await browser.Get(link);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    private static string FormOf(string page) => page.Split("name=\"form\" value=\"")[1].Split('"')[0];

    /// <summary>A portal, a provider and a mail server, each a process of its own.</summary>
    public sealed class Served : IAsyncLifetime
    {
        private const string Aiosmtpd = "/usr/lib/python3/dist-packages/aiosmtpd";
        private const string Secret = "an-invented-secret";
        private readonly TemporaryFolder _folder = new();
        private readonly List<Process> _started = [];
        private readonly string _provider = $"http://127.0.0.1:{FreePort()}";
        private readonly int _mail = FreePort();

        public string Address { get; } = $"http://127.0.0.1:{FreePort()}";

        private string Letters => _folder.File("letters");

        /// <summary>Goes to the provider as somebody, and answers where it sends the browser back to.</summary>
        internal async Task<string> Provider(Browser browser, string who, string door = "/login/openid")
        {
            using var asked = await browser.Get(door);
            Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
            Assert.Equal(new Uri(_provider).Authority, asked.Headers.Location!.Authority);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            using var ask = new HttpRequestMessage(HttpMethod.Get, asked.Headers.Location);
            ask.Headers.Add("Cookie", $"who={who}");
            using var answer = await client.SendAsync(ask, Ended);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            return answer.Headers.Location!.PathAndQuery;
        }

        /// <summary>The first letter that arrives.</summary>
        public async Task<MimeMessage> Letter(CancellationToken ended)
        {
            var arrived = Path.Combine(Letters, "new");
            while (!Directory.Exists(arrived) || Directory.GetFiles(arrived).Length == 0)
                await Task.Delay(20, ended);
            return await MimeMessage.LoadAsync(Directory.GetFiles(arrived).Single(), ended);
        }

        public async ValueTask InitializeAsync()
        {
            Assert.SkipUnless(Directory.Exists(Aiosmtpd), "Debian's python3-aiosmtpd is not installed.");
            var contact = new ContactKey("an-invented-key").Of("ana.fictive@example.org");
            var workspace = _folder.File("workspace");
            var accounts = _folder.File("accounts.csv");
            await File.WriteAllTextAsync(accounts, $"""
                account,contact,observed_at
                facebook:12,{contact},2025-01-01T00:00:00Z

                """, Ended);
            AvalProcess.Run(workspace, "init", "--buckets", "4").Done();
            AvalProcess.Run(workspace, "import", "table", accounts, "--as", "accounts").Done();
            Keep("openid.secret", Secret);
            Keep("contact.key", "an-invented-key");
            var openid = $"{{name: Example, issuer: \"{_provider}\", client: aval, secret-file: keys/openid.secret}}";
            const string ada = "{id: \"900\", name: Ada, role: officer}";
            await File.WriteAllTextAsync(Path.Combine(workspace, "portal.yaml"), $"""
                url: {Address}
                policy: opt-out
                notice: "2025-04"
                contact: privacy@example.org
                authority: the authority
                openid:
                  name: Example
                  issuer: {_provider}
                  client: aval
                  secret-file: keys/openid.secret
                  service: facebook
                officers:
                  openid: {openid}
                  who:
                    - {ada}
                mail:
                  from: Choices <choices@example.org>
                  key-file: keys/contact.key
                  smtp: 127.0.0.1:{_mail}
                  security: none

                """, Ended);
            _started.Add(Process.Start("/usr/bin/python3",
                ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{_mail}", "-c", "aiosmtpd.handlers.Mailbox", Letters]));
            var provider = Path.Combine(AppContext.BaseDirectory, "Aval.IdentityProvider.dll");
            await Ready(new ProcessStartInfo(
                "dotnet",
                [
                    provider, _provider, "aval", Secret, Address + "/login/openid/return",
                    Address + "/officer/login/return",
                ]));
            await WarmUp();
            await Ready(ProgramUnderTest.Start("serve", "--listen", Address, "--workspace", workspace));

            void Keep(string name, string secret)
            {
                Storage.Durable.CreateNew(
                    Path.Combine(workspace, "keys", name), System.Text.Encoding.UTF8.GetBytes(secret + "\n"),
                    Storage.Durable.Private);
            }
        }

        public ValueTask DisposeAsync()
        {
            foreach (var process in _started)
            {
                process.Kill(entireProcessTree: true);
                process.Dispose();
            }

            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        // Each says a line when it listens.
        private async Task Ready(ProcessStartInfo program)
        {
            program.RedirectStandardOutput = true;
            var process = Process.Start(program)!;
            _started.Add(process);
            Assert.NotNull(await process.StandardOutput.ReadLineAsync(Ended));
        }

        // A provider's first answers are compiled as they are given, which beside other tests may take longer than the
        // portal waits.
        private async Task WarmUp()
        {
            using var client = new HttpClient();
            foreach (var page in new[] { ".well-known/openid-configuration", ".well-known/jwks", "authorize" })
            {
                using var answer = await client.GetAsync(new Uri($"{_provider}/{page}"), Ended);
            }

            using var nobodys = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = "aval",
                ["client_secret"] = Secret,
                ["code"] = "x",
            });
            using var refused = await client.PostAsync(new Uri(_provider + "/token"), nobodys, Ended);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        private static int FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
