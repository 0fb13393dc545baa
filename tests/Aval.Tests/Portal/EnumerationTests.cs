using System.Net.Mail;
using System.Text;
using Aval.Policies;
using Aval.Portal;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Portal.Safety;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aval.Tests.Portal;

/// <summary>
/// What an answer costs says nothing about whom it is about. Counted is what the work before the answer allocates, on
/// the one thread that does it: to the byte the same wherever the same was done, whatever else the machine does. What
/// it takes in time, <c>bench enumeration</c> measures.
/// </summary>
public sealed class EnumerationTests : IDisposable
{
    private const string Key = "an-invented-key";
    private readonly RunsWorld _world = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().BuildServiceProvider();
    private readonly Desk _desk;

    public EnumerationTests()
    {
        Durable.CreateNew(_world.Folder("contact.key"), Encoding.UTF8.GetBytes(Key + "\n"), Durable.Private);
        _world.Contact("facebook:7", new ContactKey(Key).Of("bo@example.org"));
        _desk = new Desk(
            _world.Workspace,
            new PortalSettings(
                new Uri("http://localhost"), PolicyReader.Read(PolicyReader.Find("opt-out")), "v2",
                "privacy@example.com", "the authority")
            {
                Mail = new MailSettings(
                    new MailAddress("choices@example.org"), _world.Folder("contact.key"),
                    new PostSettings.Drop(_world.Folder("letters"))),
            },
            new StandingClock(RunsWorld.Later), new PortalLog(TextWriter.Null, TimeProvider.System));
    }

    public void Dispose()
    {
        _desk.Dispose();
        _services.Dispose();
        _world.Dispose();
    }

    // The first has said nothing, the second has, and nobody ever heard of the third.
    [Fact]
    public void The_page_of_a_link_costs_the_same_whomever_it_is_for()
    {
        _world.Say(ChoiceKind.Objection, "facebook:1008");
        var known = Cost(() => ByLink("facebook:1007"));
        Assert.Equal(known, Cost(() => ByLink("facebook:1008")));
        Assert.Equal(known, Cost(() => ByLink("facebook:9999")));
        // What it can tell apart at all: a page in which something else is done.
        Assert.NotEqual(known, Cost(() => ByLink("facebook:10070")));
    }

    [Fact]
    public void A_link_that_is_none_costs_the_same_wherever_it_is_wrong()
    {
        var link = _desk.Links.Make("v2", Account.Parse("facebook:1007"));
        string Changed(int at) => string.Concat(
            link.AsSpan(0, at), link[at] == 'A' ? "B" : "A", link.AsSpan(at + 1));
        var first = Cost(() => Letters(Changed(0)));
        foreach (var at in new[] { 1, 10, link.Length / 2, link.Length - 2 })
            Assert.Equal(first, Cost(() => Letters(Changed(at))));
    }

    [Fact]
    public void Asking_for_a_letter_costs_the_same_whether_an_account_carries_the_address()
    {
        var known = Cost(() => Mail("bo@example.org"));
        Assert.Equal(known, Cost(() => Mail("al@example.org")));
    }

    private void ByLink(string account) => Letters(_desk.Links.Make("v2", Account.Parse(account)));

    private void Letters(string letters)
    {
        var http = Http();
        http.Request.RouteValues["letters"] = letters;
        var answering = FirstPage.ByLink(new Visit(http, _desk)).ExecuteAsync(http);
        Assert.True(answering.IsCompletedSuccessfully, "Not all of it was done on this thread.");
    }

    private void Mail(string address)
    {
        var http = Http();
        http.Request.ContentType = "application/x-www-form-urlencoded";
        http.Request.Body = new MemoryStream(Encoding.ASCII.GetBytes($"address={Uri.EscapeDataString(address)}"));
        var asking = MailDoor.Ask(new Visit(http, _desk));
        Assert.True(asking.IsCompletedSuccessfully, "Not all of it was done on this thread.");
        Assert.True(asking.Result.ExecuteAsync(http).IsCompletedSuccessfully);
    }

    private DefaultHttpContext Http() => new()
    {
        RequestServices = _services,
        Response = { Body = Stream.Null },
    };

    // The least of many: what is done once (a buffer rented, a method compiled) is not done again.
    private static long Cost(Action answer)
    {
        var least = long.MaxValue;
        for (var time = 0; time < 60; time++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            answer();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
