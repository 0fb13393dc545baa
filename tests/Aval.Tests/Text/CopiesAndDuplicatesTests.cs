using System.Text;
using Aval.Answers;
using Aval.Building;
using Aval.Content;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Texts;

/// <summary>What is said again elsewhere, through whole builds.</summary>
public sealed class CopiesAndDuplicatesTests : IDisposable
{
    private const string Copies = "id: copies, similarity: 0.8, min-characters: 60, common-after: 2";
    private const string Duplicates = "id: duplicates, keep: first";

    private const string Words =
        "The ferry was late again, so we walked along the harbour and counted forty-one gulls on the roof.";

    private const string Others =
        "My neighbour keeps eleven bees in a shoebox and calls each of them by the name of a former minister.";

    private readonly PostedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_an_objector_wrote_is_out_wherever_somebody_else_posted_it()
    {
        _world.Post(
            new("own", "ann", Words), new("same", "ben", Words), new("loud", "cem", $"{Words.ToUpperInvariant()} 😀😀"),
            new("typo", "dan", Words.Replace("harbour", "harbor", StringComparison.Ordinal)),
            new("quote", "eve", $"Look what she wrote!!! \"{Words}\" I laughed all the way home and told my sister."),
            new("cut", "fay", Words[..85]), new("other", "gus", Others));
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        var release = _world.Build(PostedWorld.Policy(Copies.Replace(": 2", ": 9", StringComparison.Ordinal)));

        Assert.Equal(
            [
                ("cut", "copy-of-excluded"), ("loud", "copy-of-excluded"), ("other", null), ("own", "objected"),
                ("quote", "copy-of-excluded"), ("same", "copy-of-excluded"), ("typo", "copy-of-excluded"),
            ],
            Sorted(release));
        var rule = release.Accounting.Rules.Single(rule => rule.Rule == "copies");
        Assert.Equal((5, 5, 5, 0), (rule.Excluded, rule.Matches, rule.Only, rule.LetIn));
        Assert.Equal([Others], _world.Texts(release));
    }

    [Fact]
    public void A_quote_of_what_an_objector_posted_twice_with_other_tails_is_found()
    {
        // Prints that nobody took are the rarest, and lead nowhere: the more of them, the less of the body was sought.
        var body = string.Join(' ', Enumerable.Range(1, 50).Select(at => $"word{at * at} of {at * 7} gulls"));
        string Tail(int of) => string.Concat(Enumerable.Range(0, 10).Select(at => $" #tag{of}and{at * of}"));
        // Much longer, so that no band finds it.
        var around = string.Join(' ', Enumerable.Range(1, 200).Select(at => $"{at * at * 7} bees in {at * 3} boxes"));
        var quotes = Enumerable.Range(0, 5)
            .Select(at => new Posted($"q{at}", $"b{at}", $"{at * 77} said: {body} {at} {around}"));
        _world.Post(
            [new("one", "ann", body + Tail(31)), new("two", "ann", body + Tail(47)), new("other", "gus", Others),
             .. quotes]);
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        var release = _world.Build(PostedWorld.Policy(Copies.Replace(": 2", ": 9", StringComparison.Ordinal)));

        Assert.All(Sorted(release), item => Assert.Equal(
            item.Id switch { "one" or "two" => "objected", "other" => null, _ => "copy-of-excluded" }, item.Reason));
    }

    [Fact]
    public void Every_ground_that_holds_casts_a_shadow_and_not_only_the_one_that_is_the_reason()
    {
        _world.Post(
            new Posted("hidden", "ann", Words) { Service = "whatsapp", Audience = "private" },
            new Posted("friends", "bob", Others) { Audience = "friends" },
            new Posted("one", "cem", Words), new Posted("two", "dan", Others));
        _world.Say(ChoiceKind.Objection, "whatsapp:ann");

        var release = _world.Build(PostedWorld.Policy(Copies));

        Assert.Equal(
            [
                ("friends", "not-public"), ("hidden", "objected"), ("one", "copy-of-excluded"),
                ("two", "copy-of-excluded"),
            ],
            Sorted(release));
    }

    [Fact]
    public void What_is_out_for_its_service_and_was_public_casts_none_and_nobody_is_a_copy_of_themselves()
    {
        _world.Post(
            new Posted("w", "ann", Words) { Service = "threads" }, new Posted("f", "ben", Words),
            new Posted("private", "cem", Others) { Audience = "private" }, new Posted("public", "cem", Others));

        var release = _world.Build(PostedWorld.Policy(Copies));

        Assert.Equal(
            [("f", null), ("private", "not-public"), ("public", null), ("w", "service-not-admitted")],
            Sorted(release));
    }

    [Fact]
    public void A_linked_account_is_the_same_person_and_a_removal_is_of_the_words_whoever_posts_them()
    {
        _world.Link("p", "facebook:cem", "instagram:cem2");
        _world.Post(
            new Posted("private", "cem", Others) { Audience = "private" },
            new Posted("linked", "cem2", Others) { Service = "instagram" },
            new Posted("removed", "ann", Words), new Posted("again", "ann", Words + "!"));
        _world.Say(ChoiceKind.Removal, "facebook:zoe", "item:facebook:removed");

        var release = _world.Build(PostedWorld.Policy(Copies));

        Assert.Equal(
            [
                ("again", "copy-of-excluded"), ("linked", null), ("private", "not-public"),
                ("removed", "removal-requested"),
            ],
            Sorted(release));
    }

    [Fact]
    public void What_many_unrelated_people_write_is_nobodys_and_what_is_let_in_is_counted()
    {
        _world.Post(
            new("own", "ann", Words), new("b", "ben", Words), new("c", "cem", Words), new("d", "dan", Words + "?"),
            new("q", "eve", $"{Others} {Words}"), new("short", "ann", "Happy birthday to you"),
            new("short2", "ben", "Happy birthday to you"));
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        var release = _world.Build(PostedWorld.Policy(Copies));

        Assert.All(
            Sorted(release), item => Assert.Equal(item.Id is "own" or "short" ? "objected" : null, item.Reason));
        Assert.Equal(4, release.Accounting.Rules.Single(rule => rule.Rule == "copies").LetIn);
        Assert.Contains(
            "\"let_in\": 4", Encoding.UTF8.GetString(release.Accounting.ToJson()), StringComparison.Ordinal);
        Assert.Contains(
            "Of the admitted, 4 say what an excluded item says",
            File.ReadAllText(Path.Combine(release.Directory, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_passes_it_on_is_not_unrelated()
    {
        _world.Post(
            new("own", "ann", Words), new("b", "ben", Words),
            new("r", "cem", Words) { ReplyTo = "own" }, new("k", "dan", Words) { Kind = "reply" },
            new("t", "eve", Words) { Tagged = "facebook:ann" }, new("q", "fay", $"{Others} {Words}"));
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        var release = _world.Build(PostedWorld.Policy(Copies));

        Assert.All(
            Sorted(release),
            item => Assert.Equal(item.Id == "own" ? "objected" : "copy-of-excluded", item.Reason));
    }

    [Fact]
    public void An_objection_does_not_let_in_what_another_objector_wrote()
    {
        _world.Post(
            new("own", "ann", Words), new("b", "ben", Words), new("c", "cem", Words),
            new Posted("note", "dan", Words) { Kind = "comment" });
        _world.Say(ChoiceKind.Objection, "facebook:ann");
        var policy = PostedWorld.Policy(Copies, "id: kinds, admit: [post]");
        var before = _world.Build(policy);
        _world.Say(ChoiceKind.Objection, "facebook:dan");

        Assert.Equal(
            [("b", "copy-of-excluded"), ("c", "copy-of-excluded"), ("note", "kind-not-admitted"), ("own", "objected")],
            Sorted(before));
        Assert.Equal(
            [("b", "copy-of-excluded"), ("c", "copy-of-excluded"), ("note", "objected"), ("own", "objected")],
            Sorted(_world.Build(policy, asOf: "2025-12-02T00:00:00Z")));
    }

    [Fact]
    public void Who_is_linked_by_any_version_and_over_others_is_the_same_person()
    {
        _world.Link("p", "facebook:cem", "facebook:mid");
        _world.Content.Import(
            _world.Content.Lines(
                """{"account": "facebook:mid", "person": "q", "observed_at": "2025-07-01T00:00:00Z"}"""),
            ContentKind.Accounts);
        _world.Link("q", "facebook:cem2");
        _world.Post(
            new Posted("private", "cem", Others) { Audience = "private" }, new Posted("linked", "cem2", Others),
            new Posted("other", "dan", Others));

        Assert.Equal(
            [("linked", null), ("other", "copy-of-excluded"), ("private", "not-public")],
            Sorted(_world.Build(PostedWorld.Policy(Copies))));
    }

    [Fact]
    public void What_several_people_are_named_as_the_authors_of_is_nobodys_to_post_again()
    {
        Posted shared = new("shared", "ann", Words);
        _world.Post(shared, new("again", "ben", Words), new("copy", "cem", Words), new("other", "ben", Others));
        _world.Content.Import([_world.Content.Lines(
            (shared with { Author = "ben" }).Line.Replace("2025-06-01", "2025-07-01", StringComparison.Ordinal))]);
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        Assert.Equal(
            [
                ("again", "copy-of-excluded"), ("copy", "copy-of-excluded"), ("other", null), ("shared", "objected"),
            ],
            Sorted(_world.Build(PostedWorld.Policy(Copies))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_an_objector_wrote_keeps_its_copies_out_when_a_row_says_that_it_is_gone(bool inPlace)
    {
        Posted own = new("own", "ann", Words), gone = new("gone", "eve", Others);
        Posted[] all = [own, gone, new("copy", "ben", Words), new("quote", "cem", $"She said: {Words}"),
            new("free", "dan", Others)];
        if (inPlace)
            _world.PostInPlace(all);
        else
            _world.Post(all);
        _world.Content.Import([_world.Content.Lines(Gone(own), Gone(gone))]);
        _world.Say(ChoiceKind.Objection, "facebook:ann");
        var policy = PostedWorld.Policy(Copies);

        var release = _world.Build(policy);

        (string, string?)[] expected =
        [
            ("copy", "copy-of-excluded"), ("free", null), ("gone", "deleted-at-source"), ("own", "deleted-at-source"),
            ("quote", "copy-of-excluded"),
        ];
        Assert.Equal(expected, Sorted(release));
        // By what was kept of the first: nothing is read but what was not compared then.
        Assert.Equal(expected, Sorted(_world.Build(policy, asOf: "2025-12-02T00:00:00Z")));

        static string Gone(Posted item) => (item with { Text = "" }).Line
            .Replace("2025-06-01", "2025-07-01", StringComparison.Ordinal)
            .Replace("\"text\": \"\"", "\"deleted\": true", StringComparison.Ordinal);
    }

    /// <summary>Content left in place is masked before it is compared, other content after.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_masks_leave_empty_is_a_duplicate_rather_however_the_content_lies(bool inPlace)
    {
        const string text = "kontakt@example.org";
        Posted[] all = [new("first", "ann", text), new("again", "ben", text) { Day = 2 }];
        if (inPlace)
            _world.PostInPlace(all);
        else
            _world.Post(all);

        var release = _world.Build(PostedWorld.Policy(
            "id: identifiers, action: mask, kinds: [email]", "id: duplicates, keep: first"));

        Assert.Equal([("again", "duplicate"), ("first", "empty")], Sorted(release));
    }

    // A row of a deletion feed says nothing of who could read what is gone.
    [Theory]
    [InlineData("public", null)]
    [InlineData("friends", "copy-of-excluded")]
    public void Whether_words_that_are_gone_were_public_is_what_was_said_with_them(string audience, string? copy)
    {
        _world.Post(new Posted("own", "ann", Words) { Audience = audience }, new Posted("copy", "ben", Words));
        _world.Content.Import([_world.Content.Lines(ContentWorld.Item(
            "own", ("author", "\"facebook:ann\""), ("audience", null), ("text", null), ("created_at", null),
            ("deleted", "true"), ("observed_at", "\"2025-07-01T00:00:00Z\"")))]);

        Assert.Equal(
            [("copy", copy), ("own", "deleted-at-source")], Sorted(_world.Build(PostedWorld.Policy(Copies))));
    }

    [Theory]
    [InlineData("first", "a:duplicate b: c:duplicate d:")]
    [InlineData("one-per-author", "a:duplicate b: c: d:")]
    [InlineData("all", "a: b: c: d:")]
    public void Of_items_that_say_the_same_those_are_kept_that_the_policy_keeps(string keep, string expected)
    {
        _world.Post(
            new Posted("a", "ann", Words) { Day = 3 }, new Posted("b", "ann", Words + "!") { Day = 2 },
            new Posted("c", "ben", Words) { Day = null }, new Posted("d", "ben", Others) { Day = 9 });

        var release = _world.Build(PostedWorld.Policy($"id: duplicates, keep: {keep}"));

        Assert.Equal(expected, string.Join(' ', Sorted(release).Select(item => $"{item.Id}:{item.Reason}")));
    }

    [Fact]
    public void When_the_kept_one_falls_the_next_stands_in_and_explanations_name_the_row_that_is_kept()
    {
        Posted first = new("a", "ann", Words) { Day = 1 };
        Posted next = new("b", "ben", Words) { Day = 2 };
        _world.Post(first, next, new Posted("c", "cem", Words) { Day = 3 });
        var policy = PostedWorld.Policy(Duplicates);
        var before = _world.Build(policy);
        using (var replay = Replay.Of(_world.Workspace, before.Directory, PostedWorld.Small))
            Assert.Equal(_world.RowKey(first), Explanations.Of(replay, new Item("facebook", "c"))!.Kept);
        _world.Say(ChoiceKind.Objection, "facebook:ann");

        var after = _world.Build(policy, asOf: "2025-12-02T00:00:00Z");

        Assert.Equal([("a", null), ("b", "duplicate"), ("c", "duplicate")], Sorted(before));
        Assert.Equal([("a", "objected"), ("b", null), ("c", "duplicate")], Sorted(after));
        using var again = Replay.Of(_world.Workspace, after.Directory, PostedWorld.Small);
        Assert.Equal(_world.RowKey(next), Explanations.Of(again, new Item("facebook", "c"))!.Kept);
        Assert.Null(Explanations.Of(again, new Item("facebook", "b"))!.Kept);
    }

    [Fact]
    public void Only_what_is_out_by_what_others_say_is_explained_by_a_comparison_of_all()
    {
        Posted kept = new("in", "dan", Others);
        _world.Post(
            new("own", "ann", Words), new("copy", "ben", Words), kept,
            new Posted("again", "eve", Others) { Day = 5 });
        _world.Say(ChoiceKind.Objection, "facebook:ann");
        var release = _world.Build(PostedWorld.Policy(Copies, Duplicates)).Directory;

        Assert.Equal(
            [
                ("again", true, "duplicate", _world.RowKey(kept)), ("copy", true, "copy-of-excluded", null),
                ("in", false, null, null), ("own", false, "objected", null),
            ],
            new[] { "again", "copy", "in", "own" }.Select(Explained));
        using var account = Replay.Of(_world.Workspace, release, PostedWorld.Small, Account.Parse("facebook:eve"));
        Assert.Equal(
            Reason.Duplicate, Explanations.Of(account, Account.Parse("facebook:eve"))!.Excluded.Single().Why.Reason);

        (string Id, bool IsCompared, string? Reason, Guid? Kept) Explained(string id)
        {
            var item = new Item("facebook", id);
            using var few = Replay.Of(_world.Workspace, release, PostedWorld.Small, item);
            var about = Explanations.Of(few, item)!;
            return (
                id, few.Decisions.MatchedTable is not null,
                about.Against is [var first, ..] ? first.Ground.Reason.ToText() : null, about.Kept);
        }
    }

    [Fact]
    public void Texts_that_hang_together_by_steps_are_one_cluster()
    {
        // Each step changes one word; the ends are unlike.
        string[] chain =
        [
            Words, Words.Replace("ferry", "coach", StringComparison.Ordinal),
            Words.Replace("ferry", "coach", StringComparison.Ordinal).Replace("roof", "wall", StringComparison.Ordinal),
            Words.Replace("ferry", "coach", StringComparison.Ordinal).Replace("roof", "wall", StringComparison.Ordinal)
                .Replace("forty", "fifty", StringComparison.Ordinal),
        ];
        _world.Post(chain.Select((text, at) => new Posted($"i{at}", $"a{at}", text) { Day = 9 - at }));

        var release = _world.Build(PostedWorld.Policy(Duplicates));

        Assert.Equal([("i0", "duplicate"), ("i1", "duplicate"), ("i2", "duplicate"), ("i3", null)], Sorted(release));
    }

    [Fact]
    public void What_is_excluded_is_written_nowhere_outside_the_content()
    {
        _world.Post(new("own", "ann", Words), new("same", "ben", Words), new("other", "cem", Others));
        _world.Say(ChoiceKind.Objection, "facebook:ann");
        var seen = 0;
        Pipeline.Build(
            _world.Workspace,
            new BuildRequest(
                PostedWorld.Policy(Copies, Duplicates), CorpusName.Parse("test"),
                ContentWorld.Time(PostedWorld.Then), null, PostedWorld.Small),
            progress =>
            {
                if (progress.Stage != "write")
                    return;
                foreach (var file in Directory.EnumerateFiles(
                    Path.Combine(_world.Workspace.Temporary, "build-test"), "*", SearchOption.AllDirectories))
                {
                    seen++;
                    Assert.DoesNotContain("forty-one gulls", Latin(file), StringComparison.Ordinal);
                    Assert.DoesNotContain("eleven bees", Latin(file), StringComparison.Ordinal);
                }
            });

        Assert.True(seen > 3);

        static string Latin(string file) => Encoding.Latin1.GetString(File.ReadAllBytes(file));
    }

    [Fact]
    public void A_bucket_of_which_nothing_new_was_found_is_linked_and_one_whose_item_became_a_copy_is_not()
    {
        _world.Post(
            Enumerable.Range(0, 12).Select(at => new Posted($"i{at}", $"a{at}", $"{at} {Words[at..]} {at * at}")));
        _world.Post(new("own", "ann", Others), new("copy", "ben", Others));
        var policy = PostedWorld.Policy(Copies);
        var before = _world.Build(policy);
        _world.Say(ChoiceKind.Objection, "facebook:ann");
        var after = _world.Build(policy, asOf: "2025-12-02T00:00:00Z");

        var changed = before.Manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal))
            .Count(file => FileIdentity.Of(Path.Combine(before.Directory, file.Path))?.Inode
                != FileIdentity.Of(Path.Combine(after.Directory, file.Path))?.Inode);
        Assert.InRange(changed, 1, 2);
        Assert.DoesNotContain(Others, _world.Texts(after));
    }

    [Fact]
    public void Without_these_rules_nothing_is_compared()
    {
        _world.Post(new("a", "ann", Words), new("b", "ben", Words));
        var stages = new HashSet<string>();
        var release = Pipeline.Build(
            _world.Workspace,
            new BuildRequest(
                PostedWorld.Policy(), CorpusName.Parse("test"),
                ContentWorld.Time(PostedWorld.Then), null, PostedWorld.Small),
            progress =>
            {
                lock (stages)
                    stages.Add(progress.Stage);
            });

        Assert.Equal(2, release.Manifest.Admitted);
        Assert.DoesNotContain("match", stages);
        Assert.DoesNotContain("let_in", Encoding.UTF8.GetString(release.Accounting.ToJson()), StringComparison.Ordinal);
    }

    private List<(string Id, string? Reason)> Sorted(BuildOutcome release) =>
        [.. _world.Reasons(release).Select(item => (item.Key, item.Value))
            .OrderBy(item => item.Key, StringComparer.Ordinal)];
}
