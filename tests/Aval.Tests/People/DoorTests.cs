using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Content;
using Aval.Recording;
using Aval.Tests.ContentStore;

namespace Aval.Tests.People;

/// <summary>An id comes in by a door in the one spelling that it has behind it, or not at all.</summary>
public sealed class DoorTests : IDisposable
{
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    // Each was recorded without a word once, and protected nobody.
    public static TheoryData<string, string> Refused => new()
    {
        { "facebook:100044000000001 ", "U+0020 stands at its end" },
        { "facebook:100044000000001\u00a0", "U+00A0 stands at its end" },
        { " facebook:100044000000001", "U+0020 stands at its beginning" },
        { "facebook:\u200b100044", "U+200B stands inside it" },
        { "facebook:100044\ufeff", "U+FEFF stands at its end" },
        { "facebook:100\u200e044", "U+200E stands inside it" },
        { "facebook:\uff11\uff10\uff10", "write them in ASCII" },
        { "facebook:1.00044E+14", "export the column again, as text" },
        { "facebook:1.00044e+14", "export the column again, as text" },
        { "facebook:1e14", "digits without a leading zero" },
        { "facebook:100044000000000.0", "give it as text or as an integer" },
        { "facebook:00100044", "the id is 100044" },
        { "facebook:@kim", "leave the @ out" },
        { "instagram:@kim", "leave the @ out" },
        { "facebook:https://facebook.example/kim", "give the id alone" },
        { "facebook:kim invented", "U+0020 stands inside it" },
        { "instagram:kim-invented", "1–30 of the letters" },
        { "instagram:\u0130rem", "1–30 of the letters" },
        { "mastodon:rene\u0301", "normal form C" },
        { "mastodon:1.00044E+14", "export the column again, as text" },
        { "mastodon:7.0", "give it as text or as an integer" },
        { "outside:Two Words", "joined by \"_\"" },
        { "Facebook:9", "service:id" },
        { "facebook:", "1–256 bytes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_right_is_refused_by_line_with_what_to_do(string account, string says)
    {
        var path = _world.Write("choices.jsonl", $"{{\"kind\":\"objection\",\"account\":{Json(account)}}}\n");
        var refused =
            Assert.Throws<AvalException>(() => ChoiceFile.Record(_world.Workspace, path, ContentWorld.Today)).Message;
        Assert.StartsWith($"{path}, line 1: column \"account\" should hold ", refused, StringComparison.Ordinal);
        Assert.Contains(says, refused, StringComparison.Ordinal);
        Assert.Contains("No choice from this file was recorded.", refused, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void The_same_is_rejected_wherever_content_names_an_account(string account, string says)
    {
        var service = account.TrimStart().Split(':')[0].ToLowerInvariant();
        Rejected(
            ContentKind.Items, "author", says,
            ContentWorld.Item("1", ("author", Json(account)), ("service", Json(service))));
        Rejected(ContentKind.Items, "persons", says, ContentWorld.Item("1", ("persons",
            $$"""[{"account": "facebook:7", "role": "tagged"}, {"account": {{Json(account)}}, "role": "tagged"}]""")));
        Rejected(ContentKind.Accounts, "account", says, $"{{\"account\": {Json(account)}}}");
        Rejected(ContentKind.Accounts, "person", says, $"{{\"account\": \"facebook:1\", \"person\": {Json(account)}}}");
        Rejected(ContentKind.Notices, "account", says, $"{{\"account\": {Json(account)}, \"version\": \"v1\"}}");
    }

    public static TheoryData<string, string> Brought => new()
    {
        { "instagram:Zoe.Fictive", "instagram:zoe.fictive" },
        { "instagram:2000001", "instagram:2000001" },
        { "facebook:Zoe.Fictive", "facebook:zoe.fictive" },
        { "facebook:50cents", "facebook:50cents" },
        { "facebook:100044", "facebook:100044" },
        { "mastodon:Zoe", "mastodon:Zoe" },
        { "mastodon:https://social.example/users/zoe", "mastodon:https://social.example/users/zoe" },
        { "mastodon:René", "mastodon:René" },
        { "mastodon:00100044", "mastodon:00100044" },
    };

    [Theory]
    [MemberData(nameof(Brought))]
    public void An_id_is_brought_into_its_form_at_every_door(string account, string formed)
    {
        Assert.Equal(formed, Account.Parse(account, Settings.Default.Services).ToString());
        Assert.Equal(formed, Account.Parse(formed, Settings.Default.Services).ToString());
        var service = account.Split(':')[0];
        _world.Import(_world.Lines(ContentWorld.Item(
            "1", ("author", Json(account)), ("service", Json(service)),
            ("persons", $$"""[{"account": {{Json(account)}}, "role": "tagged"}]"""))));
        _world.Import(
            _world.Lines($"{{\"account\": {Json(account)}, \"person\": {Json(account)}}}"), ContentKind.Accounts);
        _world.Import(_world.Lines($"{{\"account\": {Json(account)}, \"version\": \"v1\"}}"), ContentKind.Notices);
        Assert.Equal(
            [$"{formed} | {formed} | tagged"],
            _world.Query("SELECT author, persons[1].account, persons[1].role FROM items_now"));
        Assert.Equal([$"{formed} | {formed}"], _world.Query("SELECT account, person FROM accounts_now"));
        Assert.Equal([formed], _world.Query("SELECT account FROM notices_now"));
        ChoiceFile.Record(_world.Workspace, _world.Write(
            "choices.jsonl", $"{{\"kind\":\"objection\",\"account\":{Json(account)}}}\n"), ContentWorld.Today);
        using var store = ChoiceStores.Open(_world.Workspace);
        Assert.Equal(formed, Assert.Single(store.Read(store.Size)).Choice.Account.ToString());
    }

    [Fact]
    public void An_id_in_Parquet_left_in_place_is_read_in_its_form()
    {
        var path = _world.Parquet("posts.parquet", """
            SELECT 'a' AS item_id, 'instagram' AS service, 'post' AS kind, 'instagram:Zoe.Fictive' AS author,
                'public' AS audience,
                [{'account': 'instagram:Kim', 'role': 'tagged'}] AS persons
            UNION ALL SELECT 'b', 'instagram', 'post', 'instagram:@zoe', 'public', NULL
            """);
        Assert.Equal(1, _world.Import(path, inPlace: true).Record.Counts.Rejected);
        Assert.Equal(
            ["instagram:zoe.fictive | instagram:kim"],
            _world.Query("SELECT author, persons[1].account FROM items_now"));
    }

    [Theory]
    [InlineData("7 ", "U+0020 stands at its end")]
    [InlineData("007", "without leading zeros, 7")]
    [InlineData("7.0", "give it as text or as an integer")]
    [InlineData("1.5E+10", "export the column again, as text")]
    [InlineData("Facebook:9", "service:id")]
    [InlineData("\uff17", "write them in ASCII")]
    [InlineData("two words", "U+0020 stands inside it")]
    public void A_link_group_that_would_split_in_silence_is_rejected(string person, string says) =>
        Rejected(ContentKind.Accounts, "person", says, $"{{\"account\": \"facebook:1\", \"person\": {Json(person)}}}");

    [Fact]
    public void A_link_group_has_one_name_however_it_was_typed()
    {
        _world.Import(
            _world.Parquet("numbers.parquet", "SELECT 'facebook:1' AS account, 7::BIGINT AS person"),
            ContentKind.Accounts);
        _world.Import(
            _world.Parquet("exact.parquet", "SELECT 'facebook:2' AS account, 7::DECIMAL(18,0) AS person"),
            ContentKind.Accounts);
        _world.Import(
            _world.Lines("""{"account": "facebook:3", "person": 7}""", """{"account": "facebook:4", "person": "7"}"""),
            ContentKind.Accounts);
        _world.Import(
            _world.Parquet(
                "uuid.parquet",
                "SELECT 'facebook:5' AS account, '6F9619FF-8B86-D011-B42D-00C04FC964FF'::UUID AS person"),
            ContentKind.Accounts);
        _world.Import(
            _world.Lines("""{"account": "facebook:6", "person": "6F9619FF-8B86-D011-B42D-00C04FC964FF"}"""),
            ContentKind.Accounts);
        Assert.Equal(
            ["6f9619ff-8b86-d011-b42d-00c04fc964ff | 2", "7 | 4"],
            _world.Query("SELECT person, count(*) FROM accounts_now GROUP BY person"));
    }

    [Theory]
    [InlineData("7.0::DOUBLE")]
    [InlineData("7::FLOAT")]
    [InlineData("7.5::DECIMAL(9,2)")]
    [InlineData("true")]
    [InlineData("DATE '2026-01-01'")]
    [InlineData("TIMESTAMP '2026-01-01 00:00:00'")]
    public void An_id_column_of_a_type_with_several_spellings_is_refused(string value)
    {
        foreach (var (kind, select) in new[]
        {
            (ContentKind.Accounts, $"SELECT 'facebook:1' AS account, {value} AS person"),
            (ContentKind.Accounts, $"SELECT {value} AS account"),
            (ContentKind.Items,
                $"SELECT {value} AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:1' AS author"),
        })
        {
            Assert.Contains("should hold text or whole numbers", _world.Refused(() => _world.Import(
                _world.Parquet($"{Guid.NewGuid():N}.parquet", select),
                kind)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("100044000000000.0", "a whole number (a program wrote this id as one with a fraction")]
    [InlineData("1e14", "a whole number (a program wrote this id as one with a fraction")]
    [InlineData("true", "an id as text or as a whole number")]
    public void A_JSON_value_that_spells_no_id_is_rejected_by_line(string json, string says)
    {
        Rejected(ContentKind.Items, "item_id", says, ContentWorld.Item("1", ("item_id", json)));
        Rejected(ContentKind.Accounts, "person", says, $"{{\"account\": \"facebook:1\", \"person\": {json}}}");
    }

    [Fact]
    public void An_item_is_known_by_an_id_that_can_be_seen()
    {
        foreach (var id in new[] { "1 ", "\u00a01", "1\u200b", "e\u0301", "98765.0", "9.8765E+4" })
            Rejected(ContentKind.Items, "item_id", "", ContentWorld.Item("1", ("item_id", Json(id))));
        var path = _world.Write(
            "choices.jsonl",
            "{\"kind\":\"removal\",\"account\":\"facebook:1\",\"scope\":\"item:facebook:98765\\u00a0\"}\n");
        Assert.Contains("U+00A0 stands at its end", Assert.Throws<AvalException>(() =>
            ChoiceFile.Record(_world.Workspace, path, ContentWorld.Today)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_is_not_read_under_other_forms_than_it_came_in_by()
    {
        _world.Import(
            _world.Lines(ContentWorld.Item("1", ("service", "\"mastodon\""), ("author", "\"mastodon:Zoe\""))));
        var changed = _world.Workspace with
        {
            Settings = _world.Workspace.Settings with
            {
                Services = ServiceForms.Shipped.With("mastodon", new ServiceForm(IdForm.Text, LowerCase: true)),
            },
        };
        using var engine = Aval.Storage.Engine.Open(changed.Temporary, new(1, 500_000_000), changed.ReadKey());
        var refused = Assert.Throws<AvalException>(() => ContentViews.Create(engine, changed, ContentWorld.Today));
        Assert.Contains("mastodon: text, lower case", refused.Message, StringComparison.Ordinal);
        Assert.Contains("one account could have two names", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_in_another_spelling_than_the_doors_reaches_whom_it_is_about_or_stops_everything()
    {
        var mapped = new Recorded(new EntryIndex(3), Objection(new Account("instagram", "Zoe.Fictive")));
        var lost = new Recorded(new EntryIndex(4), Objection(new Account("facebook", "100044 ")));
        Assert.Equal(
            "instagram:zoe.fictive",
            Assert.Single(Aval.Choices.Spellings.Formed([mapped], ServiceForms.Shipped)).Choice.Account.ToString());
        Assert.Contains("aval forget 4", Assert.Throws<AvalException>(() =>
            Aval.Choices.Spellings.Formed([lost], ServiceForms.Shipped).ToList()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "taken for instagram:zoe.fictive", Aval.Choices.Spellings.Other(mapped, ServiceForms.Shipped),
            StringComparison.Ordinal);
        Assert.Contains(
            "aval forget 4", Aval.Choices.Spellings.Other(lost, ServiceForms.Shipped), StringComparison.Ordinal);
        Assert.Null(Aval.Choices.Spellings.Other(
            new(new EntryIndex(5), Objection(new Account("facebook", "1"))), ServiceForms.Shipped));
    }

    [Fact]
    public void The_services_of_aval_yaml_are_read_as_they_are_written()
    {
        var path = _world.Write(
            "aval.yaml", "services:\n  mastodon: {ids: text, canonical: lower-case}\n  facebook: {ids: number}\n");
        var forms = Settings.Read(path).Services;
        Assert.Equal("mastodon:zoe", forms.Account("mastodon:ZOE").Value);
        Assert.Null(forms.Account("facebook:zoe").Value);
        Assert.Equal("instagram:zoe", forms.Account("instagram:ZOE").Value);
        var again = _world.Write("again.yaml", (Settings.Default with { Services = forms }).ToYaml());
        Assert.Equal(forms, Settings.Read(again).Services);
        foreach (var (wrong, says) in new[]
        {
            ("{facebook: {ids: digits}}", "ids is one of text, number, number-or-name, handle"),
            ("{Facebook: {ids: text}}", "a service is spelled"),
            ("{facebook: {form: text}}", "the key \"form\" is unknown"),
            ("[facebook]", "services names services"),
        })
            Assert.Contains(says, Assert.Throws<AvalException>(() =>
                Settings.Read(_world.Write("wrong.yaml", $"services: {wrong}\n"))).Message, StringComparison.Ordinal);
    }

    private static Choice Objection(Account account) => new(
        ChoiceKind.Objection, account, Purpose.TrainGenerativeAi, Scope.Everything, ContentWorld.Today,
        ContentWorld.Today);

    private void Rejected(ContentKind kind, string column, string says, string line)
    {
        var reject = Assert.Single(_world.Import(_world.Lines(line, Good(kind)), kind).Rejects);
        Assert.Equal((1, column), (reject.Line, reject.Column));
        Assert.True(reject.Describe().Contains(says, StringComparison.Ordinal), reject.Describe());
    }

    // Beside it, since an import of nothing that can be taken is another matter.
    private static string Good(ContentKind kind) => kind switch
    {
        ContentKind.Items => ContentWorld.Item("good"),
        ContentKind.Accounts => """{"account": "facebook:2"}""",
        ContentKind.Notices => """{"account": "facebook:2", "version": "v1"}""",
    };

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
