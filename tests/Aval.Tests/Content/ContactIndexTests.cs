using System.Globalization;
using System.Text;
using Aval.Content;
using Aval.Founding;
using Aval.Storage;

namespace Aval.Tests.ContentStore;

/// <summary>Who carries an address is found without reading who does not.</summary>
public sealed class ContactIndexTests : IDisposable
{
    private const int Buckets = 16;
    private static readonly EngineLimits Limits = new(1, 500_000_000);
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public ContactIndexTests() =>
        _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default with { Buckets = Buckets });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_contact_leads_to_the_bucket_of_its_account_and_the_others_are_not_among_those_that_are_asked()
    {
        Import("first", Enumerable.Range(0, 300).Select(number => ($"facebook:{number}", $"contact {number}")));
        Assert.Equal("1: facebook:17", Find("contact 17", out var made));
        Assert.Equal("0: ", Find("contact 300", out _));
        // What comes later is found, what was there is not read again, and who carries another address now does not
        // carry the old one.
        Import("second", [("facebook:300", "contact 300"), ("facebook:17", "another")], "2026-01-02");
        Assert.Equal("1: facebook:300", Find("contact 300", out var both));
        Assert.Equal(made, both.Intersect(made));
        Assert.Equal(made.Count + 1, both.Count);
        Assert.Equal("1: ", Find("contact 17", out _));
        Assert.Equal("1: facebook:17", Find("another", out _));
        foreach (var file in Directory.GetFiles(_workspace.Contacts))
        {
            var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain("facebook:", bytes, StringComparison.Ordinal);
            Assert.DoesNotContain("contact 1", bytes, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_index_goes_with_its_file_and_the_one_that_takes_its_place_is_found()
    {
        Import("first", [("facebook:1", "one")]);
        Import("second", [("facebook:2", "two")], "2026-01-02");
        Assert.Equal("1: facebook:1", Find("one", out var before));
        Assert.Equal(2, before.Count);
        Compaction.Fold(_workspace, null, Limits, TimeProvider.System, (_, _) => { });
        Assert.Equal("1: facebook:1", Find("one", out var after));
        Assert.Empty(before.Intersect(after));
    }

    [Fact]
    public void Who_looks_while_the_buckets_are_split_finds_by_those_that_there_were()
    {
        Import("first", Enumerable.Range(0, 300).Select(number => ($"facebook:{number}", $"contact {number}")));
        using var engine = Engine.Open(_workspace.Temporary, Limits, _workspace.ReadKey());
        ContentViews.Create(engine, _workspace, Instant.Parse("2027-01-01T00:00:00Z", "now"));
        Compaction.Fold(_workspace, 2 * Buckets, Limits, TimeProvider.System, (_, _) => { });
        var found = Enumerable.Range(0, 40).Count(number =>
        {
            var buckets = ContactIndex.Buckets(engine, _workspace, $"contact {number}")!;
            return buckets.SetEquals(engine.Query(
                string.Create(CultureInfo.InvariantCulture, $"SELECT bucket_of('facebook:{number}', {Buckets})"),
                row => row.GetInt32(0)));
        });

        Assert.Equal(40, found);
    }

    // How many buckets are read, and who is found in them.
    private string Find(string contact, out List<string> indexes)
    {
        using var engine = Engine.Open(_workspace.Temporary, Limits, _workspace.ReadKey());
        ContentViews.Create(engine, _workspace, Instant.Parse("2027-01-01T00:00:00Z", "now"));
        var buckets = ContactIndex.Buckets(engine, _workspace, contact)!;
        ContactIndex.KeepNear(engine, _workspace, contact);
        indexes = [.. Directory.GetFiles(_workspace.Contacts).Order()
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks}")];
        // Nobody of another bucket is read, but for those of whom several versions are known anyway.
        Assert.All(
            engine.Query(
                string.Create(CultureInfo.InvariantCulture, $"SELECT bucket_of(account, {Buckets}) FROM near_accounts"),
                row => row.GetInt32(0)),
            bucket => Assert.Contains(bucket, buckets));
        var found = engine.Query(
            "SELECT account FROM accounts_now WHERE contact = $contact", row => row.GetString(0), ("contact", contact));
        return $"{buckets.Count}: {string.Join(' ', found)}";
    }

    private void Import(string name, IEnumerable<(string Account, string Contact)> rows, string day = "2026-01-01")
    {
        var path = _folder.File(name + ".csv");
        File.WriteAllLines(path, rows.Select(row => $"{row.Account},{row.Contact},{day}T00:00:00Z")
            .Prepend("account,contact,observed_at"));
        Importing.Tables(
            _workspace, [path],
            new ImportOptions(ContentKind.Accounts, null, false, false, null, null, null, Limits),
            TimeProvider.System, (_, _) => { });
    }
}
