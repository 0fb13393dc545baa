using Aval.Choices;
using Aval.Content;
using Aval.Content.Exports;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Requests;
using Aval.Tests.ContentStore;
using Aval.Tests.Exports;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>An erasure of everything takes the person too: rows, notices, choices, what others say of her.</summary>
public sealed class EverythingTests : IDisposable
{
    private const string Handle = "ann.invented";
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    // A step that was taken after the erasure was asked for belongs to it all the same; a question that the person has
    // later on is theirs again.
    [Fact]
    public void What_an_erased_person_had_asked_goes_with_all_that_was_done_about_it_and_a_later_question_stays()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        EntryIndex Enter(Doing doing) => Recorder.EnterOnce(_world.Workspace, doing.Seal()).Entries.First;
        Asked Ask(string who, string when) => new(
            ContentWorld.Time(when), "person", Right.Access, Account.Parse($"facebook:{who}"), ContentWorld.Time(when),
            "portal", IsAcknowledged: true)
        { Text = $"asked by the invented {who} on {when}" };
        Enter(Ask("ann", "2024-12-01T00:00:00Z"));
        var other = Enter(Ask("bea", "2024-12-01T00:00:00Z"));
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        var erasure = RequestBook.Of(_world.Workspace, Account.Parse("facebook:ann"))
            .Single(request => request.IsChoice);
        Enter(new Accepted(ContentWorld.Time("2025-01-03T00:00:00Z"), "officer", erasure.Index.Value)
        {
            Account = erasure.Account,
        });
        var later = Enter(Ask("ann", "2025-01-05T00:00:00Z"));

        Assert.True(_world.Erase().IsComplete);

        var (requests, forgotten) = RequestBook.Read(_world.Workspace);
        Assert.Equal(
            [other.Value, later.Value],
            requests.Where(request => !request.IsNameless).Select(request => request.Index.Value).Order());
        // That there were others, and that they are over, is all that is left of them.
        var nameless = requests.Where(request => request.IsNameless).ToArray();
        Assert.Equal([Right.Access, Right.Erasure], nameless.Select(request => request.Right).Order());
        Assert.All(nameless, request => Assert.Equal((null, false), (request.Account, request.IsOpen)));
        Assert.Equal(0, forgotten);
        var store = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_world.Workspace.Choices));
        Assert.DoesNotContain("ann on 2024", store, StringComparison.Ordinal);
        Assert.Contains("ann on 2025", store, StringComparison.Ordinal);
    }

    // An archive is called after its owner, and the folders of messages in it after those who were written to.
    [Theory]
    [InlineData(null)]
    [InlineData("given-in-may")]
    public void What_the_files_of_an_erased_persons_export_are_called_is_gone_and_does_not_come_back(string? source)
    {
        using var export = Fictional.FacebookPosts(
            Fictional.Post("what only one person wrote, in 2023"), new { data = new[] { new { post = 5 } } },
            LabelTests.Entry(3, ("Jūratė's own label", "words")))
            .With("your_facebook_activity/messages/inbox/janedoe_123/message_1.json", new { messages = new[] { 1, 2 } })
            .WithText("your_facebook_activity/posts/a.html", "<html></html>");
        var zip = export.Zip("facebook-jurate.o-2025-06-13.zip");
        var record = Import();
        Assert.Contains("jurate.o", Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("janedoe", Log(), StringComparison.Ordinal);
        Assert.True(Import().IsTheSameAs(record));
        _world.Say(ChoiceKind.Erasure, "100044123", scope: "everything");

        Assert.True(_world.Erase().IsComplete);

        Assert.All(ImportLog.Read(_world.Workspace), left => Assert.True(left.IsUnnamed));
        RequireNoName();
        var left = ImportLog.Read(_world.Workspace)[0].LeftOut;
        Assert.Equal(record.LeftOut.Sum(one => one.Count), left.Sum(one => one.Count));
        Assert.Equal(2, Assert.Single(left, one => one.What == "messages").Count);
        using var other = Fictional.FacebookPosts(new { data = new[] { new { post = "mine, and no time" } } })
            .WithText("your_facebook_activity/posts/b.html", "<html></html>");
        zip = other.Zip("facebook-jurate.o-2026.zip");
        Assert.True(Import().IsUnnamed);
        RequireNoName();
        _world.RequireSound();

        ImportRecord Import() => Importing.Export(
            _world.Workspace, FacebookExport.Read([zip], new ExportOptions(null, source)),
            new ImportOptions(
                ContentKind.Items, source, Snapshot: false, InPlace: false, ObservedAt: null, Audience: null,
                MappingFile: null, Small),
            _world.Content.Clock, (_, _) => { })[0].Record;

        string Log() => File.ReadAllText(_world.Content.ImportsFile);

        void RequireNoName()
        {
            string[] texts =
            [
                Log(),
                .. Directory.GetFiles(Path.Combine(_world.Workspace.Content, "rejects")).Select(File.ReadAllText),
            ];
            Assert.All(texts, text => Assert.All(
                ["jurate", "Jūratė", "100044123", "mine"],
                name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public void Nothing_is_left_of_whoever_has_everything_erased_and_others_keep_what_they_wrote()
    {
        Fill();
        _world.Build();
        Assert.Equal(
            ["account", "handle", "item", "text"],
            Search().Select(hit => hit.What).Distinct().Order(StringComparer.Ordinal));

        var outcome = Erase();

        Assert.True(outcome.IsComplete, string.Join('\n', outcome.Scan.Hits));
        Assert.Equal((2, 2), (outcome.Reach.Persons.Accounts, outcome.Reach.Persons.Changes));
        Assert.Empty(Search());
        Assert.Equal(
            [
                "b1 | so <PERSON> said, to <PERSON> | NULL | ",
                "b2 | a reply of many words to her | NULL | ",
                "b3 | nobody is named in this one | [{'account': 'facebook:cem', 'role': tagged}] | ",
            ],
            _world.Content.Query("SELECT item_id, text, persons::VARCHAR, coalesce(in_reply_to, '') FROM items_now")
                .Select(row => row.Replace("null", "NULL", StringComparison.Ordinal)));
        Assert.Equal(
            ["facebook:bea"], _world.Content.Query("SELECT account FROM account_versions"));
        Assert.Empty(_world.Content.Query("SELECT account FROM notices_now"));
        Assert.Contains(
            "so <PERSON> said, to <PERSON>",
            _world.Rows(ReleaseName.Find(_world.Workspace, outcome.Releases[0].Successor)));
        _world.RequireSound();
        Assert.Equal((0, 0), (_world.Erase().Reach.Persons.Accounts, _world.Erase().Reach.Persons.Changes));
    }

    [Fact]
    public void A_text_that_was_nothing_but_a_mention_is_empty_when_that_is_masked()
    {
        _world.Import(Post("a1", "ann"), Named("b4", "@[ann]", "facebook:ann"), Post("b5", "bea"));
        _world.Build();
        Assert.True(Erase().IsComplete);
        Assert.Equal(["<PERSON>"], _world.Content.Query("SELECT text FROM items_now WHERE item_id = 'b4'"));
        Assert.Equal([TextOf("b5")], _world.Rows(ReleaseName.Find(_world.Workspace, "test")));
    }

    [Fact]
    public void The_same_files_bring_nobody_back()
    {
        var files = Fill();
        Erase();
        var before = Content();

        foreach (var (file, kind) in files)
            _world.Content.Import(_world.Content.Lines([.. File.ReadLines(file), .. Another(kind)]), kind);

        Assert.Empty(Search());
        Assert.Equal(before, Content());
        Assert.True(_world.Erase().IsComplete);
        _world.RequireSound();
    }

    [Fact]
    public void What_she_wrote_before_and_nobody_had_brought_yet_is_dropped_and_what_she_writes_later_comes_in()
    {
        Fill();
        Erase();

        var late = _world.Content.Import(_world.Content.Lines(
            Post("a9", "ann"), Post("a10", "ann2"),
            ContentWorld.Item(
                "a11", ("author", "\"facebook:ann\""), ("created_at", "\"2025-06-01T00:00:00Z\""),
                ("observed_at", "\"2025-06-02T00:00:00Z\""))));

        Assert.Equal((3, 2), (late.Record.Counts.Read, late.Record.Counts.Erased));
        Assert.Contains("a11", _world.Content.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void Her_choices_are_forgotten_and_go_on_protecting_also_what_was_linked_to_her()
    {
        Fill();
        _world.Say(ChoiceKind.Objection, "ann", "2024-12-01", "everything");
        Erase();

        using (var store = CommittedChoices.OpenStore(_world.Workspace))
        {
            Assert.Empty(store.Read(new TreeSize(long.MaxValue)));
            Assert.Equal(2, store.Suppressions(new TreeSize(long.MaxValue)).Count());
        }

        // The second account was linked to the first by rows that are gone.
        _world.Import(ContentWorld.Item(
            "a12", ("author", "\"facebook:ann2\""), ("created_at", "\"2025-06-01T00:00:00Z\""),
            ("observed_at", "\"2025-06-02T00:00:00Z\"")));
        var accounting = _world.Build("later", "2026-01-01T00:00:00Z").Accounting;
        Assert.Equal(1, accounting.Total.Excluded[Reason.Objected]);
        Assert.Equal(0, accounting.UnmatchedChoices);
    }

    [Fact]
    public void A_consent_ends_with_everything_and_permits_nothing_that_comes_later()
    {
        _world.Import(Post("a1", "ann"));
        var at = ContentWorld.Time("2024-05-01T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, ContentWorld.Today, new Choice(
            ChoiceKind.Consent, Account.Parse("facebook:ann"), Purpose.TrainGenerativeAi, Scope.Everything, at, at,
            Notice: "v1"));
        Erase();

        using var store = CommittedChoices.OpenStore(_world.Workspace);
        var consent = store.Suppressions(new TreeSize(long.MaxValue)).Single(one => one.Kind is ChoiceKind.Consent);
        Assert.Equal(_world.Content.Clock.Now, consent.Until);
    }

    [Fact]
    public void Who_writes_her_handle_later_is_masked_by_what_stands_for_it()
    {
        Fill();
        Erase();
        _world.Import(Post("b9", "bea", text: "again it was @Ann.Invented who said so"));

        var release = _world.Build("masked", "2026-01-01T00:00:00Z", policy: AboutMe("mask")).Directory;

        Assert.Contains("again it was <PERSON> who said so", _world.Rows(release));
    }

    [Fact]
    public void What_stayed_out_because_it_named_her_stays_out_when_it_names_nobody_any_more()
    {
        Fill();
        _world.Say(ChoiceKind.Objection, "ann", "2024-06-15", "everything");
        var held = _world.Build("about", policy: AboutMe("exclude"));
        Assert.Equal(1, held.Accounting.Total.Excluded[Reason.MentionsObjector]);

        Erase();

        var again = _world.Build("about2", policy: AboutMe("exclude"));
        Assert.Equal(1, again.Accounting.Total.Excluded[Reason.MentionsObjector]);
        Assert.DoesNotContain(_world.Rows(again.Directory), row => row.Contains("<PERSON>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_that_was_rejected_quotes_nothing_of_her_any_more()
    {
        _world.Import(
            Post("a1", "ann"),
            ContentWorld.Item("b1", ("author", "\"facebook:bea\""), ("kind", "\"facebook:ann wrote this\"")),
            ContentWorld.Item("b2", ("author", "\"facebook:bea\""), ("kind", "\"of somebody else\"")));
        Erase();

        var rejects = string.Join('\n', Directory.GetFiles(Path.Combine(_world.Workspace.Content, "rejects"))
            .Select(File.ReadAllText));
        Assert.DoesNotContain("facebook:ann", rejects, StringComparison.Ordinal);
        Assert.Contains("of somebody else", rejects, StringComparison.Ordinal);
        _world.RequireSound();
    }

    [Fact]
    public void A_restricted_account_is_kept_as_it_is_until_the_restriction_is_lifted()
    {
        Fill();
        _world.Say(ChoiceKind.Restriction, "ann2", "2024-12-01", "everything");
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");

        Assert.Equal(0, _world.Erase().Reach.Persons.Accounts);
        Assert.NotEmpty(Search());
    }

    /// <summary>No item of it says that something is kept: nobody is told that it is done, and the clock goes
    /// on.</summary>
    [Fact]
    public void A_restricted_account_without_items_is_looked_at_again()
    {
        var clock = () => ErasureClock.Read(_world.Workspace);
        _world.Content.Import(
            [_world.Content.Lines("""
                {"account": "facebook:ann", "handle": "ann.invented", "observed_at": "2024-06-01T00:00:00Z"}
                """)],
            ContentKind.Accounts);
        _world.Say(ChoiceKind.Restriction, "ann", "2024-12-01", "everything");
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        var request = RequestBook.Of(_world.Workspace, Account.Parse("facebook:ann"))
            .Single(request => request.Right is Right.Erasure);

        var outcome = _world.Erase();

        Assert.Equal((0, 1), (outcome.Reach.Persons.Accounts, outcome.Reach.Persons.Kept));
        Assert.NotNull(clock().Next);
        Assert.Contains("something of it is restricted", Assert.Throws<AvalException>(() =>
            AskedErasures.RequireCarriedOut(_world.Workspace, request, _world.Content.Clock)).Message,
            StringComparison.Ordinal);

        _world.Say(ChoiceKind.RestrictionLifted, "ann", "2025-02-01", "everything");
        Assert.Equal((1, 0), (_world.Erase().Reach.Persons.Accounts, clock().Waiting.Count));
        Assert.Equal(0, _world.Erase().Reach.Persons.Kept);
    }

    /// <summary>What others wrote is masked in releases, and the content has it: nobody is told that it was
    /// erased.</summary>
    [Fact]
    public void An_erasure_of_what_others_write_is_told_apart()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann", scope: "about-me");
        var request = RequestBook.Of(_world.Workspace, Account.Parse("facebook:ann"))
            .Single(request => request.Right is Right.Erasure);

        Assert.Equal((0, 1), (_world.Erase().Reach.Items, _world.Erase().Reach.AboutMe));

        Assert.Contains("(about-me)", Assert.Throws<AvalException>(() =>
            AskedErasures.RequireCarriedOut(_world.Workspace, request, _world.Content.Clock)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_were_left_in_place_are_named_and_the_erasure_is_not_complete()
    {
        var accounts = _world.Content.Parquet(
            "accounts.parquet",
            "SELECT 'facebook:ann' AS account, 1980 AS birth_year, '2024-06-01T00:00:00Z' AS observed_at");
        _world.Content.Import(accounts, ContentKind.Accounts, inPlace: true);

        var outcome = Erase();

        Assert.False(outcome.IsComplete);
        Assert.Equal([new PlacedRows(accounts, 1)], outcome.Reach.Persons.PlacedFiles);
    }

    // The log of imports names whose export it was, and so does one that is imported again.
    [Fact]
    public void The_log_forgets_whose_export_an_import_was()
    {
        _world.Content.Import(
            [_world.Content.Lines(Post("a1", "ann"))], source: "facebook:ann");
        _world.Say(ChoiceKind.Erasure, "ann", scope: "item:facebook:a0");
        _world.Import(Post("b1", "bea"));
        var outcome = Erase();
        Assert.True(outcome.IsComplete, string.Join('\n', outcome.Scan.Hits));
        Assert.Empty(Search());

        _world.Content.Import([_world.Content.Lines(Post("a1", "ann"), Post("a3", "ann"))], source: "facebook:ann");

        Assert.Empty(Search());
        Assert.Equal(
            ImportRecord.ErasedSource,
            ImportLog.Read(_world.Workspace)[^1].Source[..ImportRecord.ErasedSource.Length]);
        Assert.Equal(["b1"], _world.Content.Query("SELECT item_id FROM items_now"));
        _world.RequireSound();
    }

    // Ann has two accounts and a handle; Bea names her in a tag, by her handle, and answers her.
    private List<(string File, ContentKind Kind)> Fill()
    {
        var items = _world.Content.Lines(
            Post("a1", "ann"), Post("a2", "ann2"),
            Named("b1", $"so @{Handle} said, to @[ann2]", "facebook:ann"),
            ContentWorld.Item(
                "b2", ("author", "\"facebook:bea\""), ("created_at", "\"2024-01-01T00:00:00Z\""),
                ("text", "\"a reply of many words to her\""), ("in_reply_to", "\"a1\""),
                ("observed_at", "\"2024-06-01T00:00:00Z\"")),
            Named("b3", "nobody is named in this one", "facebook:cem"));
        var later = _world.Content.Lines(Named("b1", $"so @{Handle} said, to @[ann2]", "facebook:ann", "2024-06-03"),
            Named("b1", $"it was @{Handle} who said it, at first", "facebook:ann", "2024-05-03"));
        var accounts = _world.Content.Lines(
            Row("ann", $$"""
                "handle": "{{Handle}}", "display_name": "Ann Invented", "person": "77", "birth_year": 1980
                """),
            Row("ann2", "\"person\": \"77\""), Row("bea", "\"birth_year\": 1981, \"handle\": \"bea\""));
        var notices = _world.Content.Lines(
            "{\"account\": \"facebook:ann\", \"version\": \"v1\", \"delivered_at\": \"2024-02-01T00:00:00Z\"}");
        (string, ContentKind)[] files =
        [
            (items, ContentKind.Items), (later, ContentKind.Items), (accounts, ContentKind.Accounts),
            (notices, ContentKind.Notices),
        ];
        foreach (var (file, kind) in files)
            _world.Content.Import(file, kind);
        return [.. files];
    }

    private static string Named(string id, string text, string person, string observed = "2024-06-01") =>
        ContentWorld.Item(
            id, ("author", "\"facebook:bea\""), ("created_at", "\"2024-01-01T00:00:00Z\""), ("text", $"\"{text}\""),
            ("persons", $$"""[{"account": "{{person}}", "role": "tagged"}]"""),
            ("observed_at", $"\"{observed}T00:00:00Z\""));

    private static string Row(string account, string said) =>
        $$"""{"account": "facebook:{{account}}", {{said.Trim()}}, "observed_at": "2024-05-01T00:00:00Z"}""";

    private static string[] Another(ContentKind kind) => kind is ContentKind.Accounts
        ? [Row("bea", "\"birth_year\": 1981, \"handle\": \"bea\"")]
        : [];

    private ErasureOutcome Erase()
    {
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        return _world.Erase();
    }

    private IReadOnlyList<string> Content() =>
        _world.Content.Query("SELECT item_id, text, persons::VARCHAR, in_reply_to FROM items_now");

    private static Policy AboutMe(string action) => PolicyReader.Parse(
        Regime.Text.Replace(
            "{id: about-me, off: \"because this is a test\"}",
            $"{{id: about-me, action: {action}, protect: objectors}}",
            StringComparison.Ordinal),
        "about-me.yaml");

    private IReadOnlyList<ScanHit> Search() => ErasureScan.Of(
        _world.Workspace,
        new Needles(
            new HashSet<string> { "facebook:ann", "facebook:ann2" },
            new HashSet<string> { "item:facebook:a1", "item:facebook:a2", "reply:facebook:a1" },
            new HashSet<string> { TextOf("a1"), TextOf("a2") })
        {
            Handles = new HashSet<string> { "facebook@anninvented" },
        },
        Small).Hits;
}
