using Aval.Content;
using Aval.Content.Exports;
using Aval.Founding;
using Aval.Storage;

namespace Aval.Tests.Exports;

/// <summary>Exports in a workspace, as builds see them.</summary>
public sealed class ImportedExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;
    private readonly Clock _clock = new();

    public ImportedExportTests() => _workspace = NewWorkspace.Create(_folder.File("work"), Settings.Default);

    [Fact]
    public void Items_and_their_account_are_there_and_the_same_export_again_changes_nothing()
    {
        using var export = Fictional.FacebookPosts(new
        {
            timestamp = 1_700_000_000,
            data = new[] { new { post = "With @[100055:2048:Séamus]" } },
            tags = new[] { new { name = "Dóra" } },
        });
        var zip = export.Zip();

        var first = Import(zip);
        var again = Import(zip);

        Assert.Equal([1, 1], first.Select(outcome => outcome.Record.Counts.New));
        Assert.All(again, outcome => Assert.True(outcome.Known));
        Assert.Equal(["facebook:100044123|unknown|With Séamus|facebook:100055,outside:Dóra"], Items());
        Assert.Equal(
            ["facebook:100044123|Jūratė Ōmori|1980"],
            Rows("SELECT account || '|' || display_name || '|' || birth_year FROM accounts_now"));
    }

    [Fact]
    public void An_export_that_changes_while_it_is_read_is_not_imported()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("Mine"));
        using var other = Fictional.FacebookPosts(Fictional.Post("Somebody else's"));
        var (zip, instead) = (export.Zip(), other.Zip());
        var refused = Assert.Throws<AvalException>(() => Importing.Export(
            _workspace, FacebookExport.Read([zip], new(Account.Parse("facebook:7"), "me")),
            new ImportOptions(
                ContentKind.Items, "me", Snapshot: false, InPlace: false, ObservedAt: null, "public", MappingFile: null,
                new EngineLimits(1, 1_000_000_000)),
            _clock,
            (step, _) =>
            {
                if (step == "read")
                    File.Copy(instead, zip, overwrite: true);
            }));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("the file changed while it was read", refused.Message, StringComparison.Ordinal);
        Assert.Empty(ImportLog.Read(_workspace));
    }

    [Fact]
    public void An_account_that_was_stated_wrongly_is_corrected_by_the_next_import()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("Mine"));
        var zip = export.Zip();
        IReadOnlyList<ImportOutcome> As(string account) => Importing.Export(
            _workspace, FacebookExport.Read([zip], new(Account.Parse(account), "me")),
            new ImportOptions(
                ContentKind.Items, "me", Snapshot: true, InPlace: false, ObservedAt: null, "public", MappingFile: null,
                new EngineLimits(1, 1_000_000_000))
            {
                Account = Account.Parse(account),
            },
            _clock, (_, _) => { });
        As("facebook:55");
        _clock.Today += TimeSpan.FromDays(1);

        Assert.Equal((1, 1), (As("facebook:7")[0].Record.Counts.New, As("facebook:7")[0].Record.Counts.New));
        Assert.Equal(
            ["facebook:7|Mine"],
            Rows("SELECT author || '|' || text FROM items_now WHERE NOT deleted"));
    }

    [Fact]
    public void A_stated_audience_is_for_what_states_none_and_the_narrower_of_two_stated_ones_wins()
    {
        using var export = Fictional
            .FacebookPosts(Fictional.Post("Post"), CheckIn("Here", "Public", 1), CheckIn("There", "Public", 2))
            .With("your_facebook_activity/posts/check-ins.json", new[] { CheckIn("There", "Only me", 2) })
            .With(
                "your_facebook_activity/groups/group_posts_and_comments.json",
                new { group_posts_v2 = new[] { Fictional.Post("Group") } });

        var record = Import(export.Zip(), audience: "public")[0].Record;

        Assert.Equal("public", record.Audience);
        Assert.Equal(
            ["group|Group", "private|There", "public|Here", "public|Post"],
            Rows("SELECT audience || '|' || text FROM items_now"));

        static object CheckIn(string text, string audience, long time) => new
        {
            timestamp = time,
            label_values = new[]
            {
                new { label = "Message", value = text }, new { label = "Audience", value = audience },
            },
        };
    }

    [Fact]
    public void What_a_later_snapshot_lacks_is_deleted_at_source_and_what_it_repeats_is_unchanged()
    {
        using var before = Fictional.FacebookPosts(Fictional.Post("Stays", 1), Fictional.Post("Goes", 2));
        using var after = Fictional.FacebookPosts(Fictional.Post("New", 3), Fictional.Post("Stays", 1));
        Import(before.Zip(), snapshot: true);
        _clock.Today = _clock.Today.AddDays(1);

        var counts = Import(after.Zip(), snapshot: true)[0].Record.Counts;

        Assert.Equal((2, 1, 1, 1), (counts.Read, counts.New, counts.Unchanged, counts.Deleted));
        Assert.Equal(["New", "Stays"], Rows("SELECT text FROM items_now WHERE NOT deleted"));
    }

    [Fact]
    public void A_file_that_breaks_in_its_midst_leaves_nothing_behind()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("Good"))
            .WithText(
                "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_2.json",
                "[{\"timestamp\": 1, \"data\": [{\"post\": \"x\"}]}, {");

        Assert.Throws<AvalException>(() => Import(export.Zip()));

        Assert.Empty(ImportLog.Read(_workspace));
        Assert.Empty(Items());
    }

    [Fact]
    public void Rejects_and_what_is_left_out_are_in_the_record()
    {
        using var export = Fictional.FacebookPosts(
            Fictional.Post("Good"), new { data = new[] { new { post = 5 } } }, Fictional.Post("", 3));

        var outcome = Import(export.Zip())[0];

        Assert.Equal((2, 1), (outcome.Record.Counts.Read, outcome.Record.Counts.Rejected));
        Assert.Equal(
            ("data[0].post", "a string", "5"),
            (outcome.Rejects[0].Column, outcome.Rejects[0].Reason, outcome.Rejects[0].Found));
        Assert.Contains("data[0].post", File.ReadAllText(outcome.RejectsFile!), StringComparison.Ordinal);
        Assert.Equal("entries without words of the owner", Assert.Single(outcome.Record.LeftOut).What);
    }

    [Fact]
    public void Every_shared_export_is_imported_whole()
    {
        Assert.Equal((458, 0), Counts(Import(SharedData.Path("social/facebook_synth_2025.zip"))));
        Assert.Equal((288, 0), Counts(
            Take(InstagramExport.Read([SharedData.Path("social/instagram_synth_2025_en.zip")], ExportOptions.None))));
        Assert.Equal((0, 0), Counts(Take(InstagramExport.Read(
            [SharedData.Path("social/d3i_ddp_2022/instagram_2022_09_26.zip")], ExportOptions.None))));
        Assert.Equal(458 + 288, Items().Count);

        static (long, long) Counts(IReadOnlyList<ImportOutcome> outcomes) =>
            (outcomes[0].Record.Counts.New, outcomes[0].Record.Counts.Rejected);
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<ImportOutcome> Import(string path, string? audience = null, bool snapshot = false) =>
        Take(FacebookExport.Read([path], ExportOptions.None), audience, snapshot);

    private IReadOnlyList<ImportOutcome> Take(IncomingExport export, string? audience = null, bool snapshot = false) =>
        Importing.Export(_workspace, export, new ImportOptions(
            ContentKind.Items, null, snapshot, InPlace: false, ObservedAt: null, audience, MappingFile: null,
            new EngineLimits(1, 1_000_000_000)), _clock, (_, _) => { });

    private List<string> Items() => Rows("SELECT author || '|' || audience || '|' || text || '|' || "
        + "array_to_string(list_transform(persons, person -> person.account), ',') FROM items_now");

    private List<string> Rows(string sql)
    {
        using var engine = Engine.Open(_workspace.Temporary, new EngineLimits(1, 1_000_000_000), _workspace.ReadKey());
        ContentViews.Create(engine, _workspace, _clock.Today);
        return [.. engine.Query(sql, row => row.IsDBNull(0) ? "" : row.GetString(0)).Order(StringComparer.Ordinal)];
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Today { get; set; } = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Today;
    }
}
