using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Tests.Choices;

/// <summary>Choices in a file with columns of somebody else's, made by a mapping.</summary>
public sealed class MappedChoicesTests : IDisposable
{
    private const string Mapping = """
        rows: about = 'training'
        kind: CASE answer WHEN 'no' THEN 'objection' WHEN 'yes' THEN 'objection-lifted' END
        account: "'facebook:' || user_id"
        made_at: answered
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public MappedChoicesTests() => _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_row_becomes_a_choice_in_the_order_of_the_file_whatever_the_format()
    {
        Write("a.csv", "user_id,answer,about,answered\n7,no,training,2025-05-27T00:00:00Z\n8,no,ads,\n"
            + "7,yes,training,2025-05-28T00:00:00+02:00\n");
        Write("a.jsonl", """
            {"user_id": "7", "answer": "no", "about": "training", "answered": "2025-05-27T00:00:00Z"}
            {"user_id": "8", "answer": "no", "about": "ads"}
            {"user_id": "7", "answer": "yes", "about": "training", "answered": "2025-05-27T22:00:00Z"}
            """);
        using (var engine = Engine.Open(_workspace.Temporary, EngineLimits.Default))
        {
            engine.Execute($"""
                COPY (SELECT user_id::BIGINT AS user_id, answer, about, answered::TIMESTAMPTZ AS answered
                FROM read_csv({Engine.Literal(_folder.File("a.csv"))}, all_varchar = true))
                    TO {Engine.Literal(_folder.File("a.parquet"))} (FORMAT parquet)
                """);
        }

        foreach (var file in new[] { "a.csv", "a.jsonl", "a.parquet" })
        {
            var before = All().Count;
            var outcome = Record(file, Mapping);

            Assert.Equal((2, 1), (outcome.Entries.Count, outcome.PassedOver));
            Assert.Equal(
                [("objection", "facebook:7",
                    "2025-05-27T00:00:00.000000Z"), ("objection-lifted", "facebook:7", "2025-05-27T22:00:00.000000Z")],
                All()
                    .Skip(before)
                    .Select(choice => (choice.Kind.ToText(), choice.Account.ToString(), choice.MadeAt.ToText())));
        }
    }

    [Theory]
    [InlineData("7,maybe,training,2025-05-27T00:00:00Z", "line 2: column \"kind\" should hold one of objection")]
    [InlineData(",no,training,2025-05-27T00:00:00Z", "line 2: column \"account\" should hold")]
    [InlineData("7,no,training,2025-05-27", "line 2: column \"made_at\" should hold an instant with its zone")]
    [InlineData(
        "7,no,,2025-05-27T00:00:00Z",
        "line 2: whether it is a choice is not known: the mapping's \"rows\" is neither true nor false of it.")]
    [InlineData("7,no", "line 2: should hold")]
    public void A_row_that_makes_no_choice_refuses_the_file_by_its_line(string row, string says)
    {
        Write("a.csv", $"user_id,answer,about,answered\n{row}\n8,no,training,2025-05-27T00:00:00Z\n");

        var refused = Assert.Throws<AvalException>(() => Record("a.csv", Mapping));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("No choice from this file was recorded.", refused.Message, StringComparison.Ordinal);
        Assert.Empty(All());
    }

    [Theory]
    [InlineData("purpose", "CASE about WHEN 'ads' THEN 'train-generative-ai' END")]
    [InlineData("scope", "CASE about WHEN 'ads' THEN 'service:facebook' END")]
    [InlineData("made_at", "CASE about WHEN 'ads' THEN answered END")]
    [InlineData("received_at", "CASE about WHEN 'ads' THEN answered END")]
    [InlineData("actor", "CASE about WHEN 'ads' THEN 'agent' END")]
    [InlineData("actor", "CASE about WHEN 'ads' THEN 'agent' ELSE '' END")]
    public void What_a_mapping_leaves_open_is_not_taken_for_the_widest(string column, string expression)
    {
        Write("a.csv", "user_id,answer,about,answered\n7,no,ads,2025-05-27T00:00:00Z\n"
            + "8,no,training,2025-05-27T00:00:00Z\n");

        var refused = Assert.Throws<AvalException>(() => Record(
            "a.csv", $"kind: \"'objection'\"\naccount: \"'facebook:' || user_id\"\n{column}: \"{expression}\"\n"));

        Assert.Contains(
            $"line 3: the mapping's \"{column}\" is null of it", refused.Message, StringComparison.Ordinal);
        Assert.Empty(All());
    }

    [Theory]
    [InlineData("consent", "notice: \"'v1'\"")]
    [InlineData("mandate", "association: \"'rights.example'\"")]
    public void What_ends_says_so_in_each_row_where_a_mapping_says_it_of_any(string kind, string with)
    {
        var mapping = $"kind: answer\naccount: \"'facebook:' || user_id\"\nmade_at: answered\nuntil: about\n"
            + with.Replace("\"'", $"\"CASE answer WHEN '{kind}' THEN '", StringComparison.Ordinal)
                .Replace("'\"", "' END\"", StringComparison.Ordinal) + "\n";
        const string header = "user_id,answer,about,answered\n";
        Write("a.csv", $"{header}6,objection,,2025-05-27T00:00:00Z\n7,{kind},,2025-05-27T00:00:00Z\n");
        Write("b.csv", $"{header}6,objection,,2025-05-27T00:00:00Z\n"
            + $"7,{kind},9999-12-31T23:59:59Z,2025-05-27T00:00:00Z\n");

        var refused = Assert.Throws<AvalException>(() => Record("a.csv", mapping));

        Assert.Contains(
            "line 3: the mapping's \"until\" is null of it, or empty, which would be taken for without an end",
            refused.Message, StringComparison.Ordinal);
        Assert.Empty(All());
        Assert.Equal(2, Record("b.csv", mapping).Entries.Count);
    }

    [Fact]
    public void The_controller_who_lifts_a_restriction_need_not_be_named_for_that()
    {
        Write("a.csv", "user_id,answer,about,answered\n7,restriction-lifted,,2025-05-27T00:00:00Z\n");

        Record("a.csv", "kind: answer\naccount: \"'facebook:' || user_id\"\nmade_at: answered\nactor: about\n");

        Assert.Equal(Actor.Controller, Assert.Single(All()).Actor);
    }

    [Theory]
    [InlineData("""{"user_id": "7", "answer": "yes", "answer": "no", "about": "training"}""", "answer")]
    [InlineData("""{"user_id": "7", "answer": "yes", "about": "training", "more": {"a": 1, "a": 2}}""", "more")]
    public void A_line_in_which_a_key_stands_twice_is_refused_and_neither_value_taken(string line, string key)
    {
        Write("a.jsonl", """{"user_id": "6", "answer": "no", "about": "training"}""" + $"\n{line}\n");
        var mapping = Mapping.Replace("made_at: answered", "", StringComparison.Ordinal);

        var refused = Assert.Throws<AvalException>(() => Record("a.jsonl", mapping));

        Assert.Contains(
            $"line 2: column \"{key}\" should hold one value, but the key stands twice", refused.Message,
            StringComparison.Ordinal);
        Assert.Empty(All());
    }

    [Theory]
    [InlineData("kind: \"'objection'\"", "the column \"account\" is missing")]
    [InlineData(
        "kind: \"'objection'\"\naccount: user_id\nmade_on: answered",
        "line 3, column 1: \"made_on\" is no column of a choice")]
    [InlineData(
        "kind: \"'objection'\"\naccount: nobody",
        "line 2, column 1: the expression for \"account\" does not fit the source")]
    [InlineData("kind: \"'objection'\"\naccount: user_id::BIGINT", "\"account\" should be text, but this makes BIGINT")]
    [InlineData(
        "kind: \"'objection'\"\naccount: user_id\nmade_at: answered::TIMESTAMP",
        "\"made_at\" should be text with a zone, or a timestamp in UTC, but this makes TIMESTAMP")]
    [InlineData(
        "kind: \"'objection'\"\naccount: user_id\nrows: user_id",
        "\"rows\" should be true or false of a row, but this makes VARCHAR")]
    [InlineData("kind: \"'objection'\"\naccount: (SELECT '1')", "subquery")]
    [InlineData("kind: \"'objection'\"\naccount: user_id\nmade_at: now()", "now()")]
    public void A_mapping_that_does_not_fit_says_where_and_records_nothing(string mapping, string says)
    {
        Write("a.csv", "user_id,answer,about,answered\n7,no,training,2025-05-27T00:00:00Z\n");

        var refused = Assert.Throws<AvalException>(() => Record("a.csv", mapping));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("No choice from this file was recorded.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("imported", refused.Message, StringComparison.Ordinal);
        Assert.Empty(All());
    }

    private ChoiceFileOutcome Record(string file, string mapping)
    {
        Write("map.yaml", mapping);
        return ChoiceFile.Record(
            _workspace, _folder.File(file), new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), mapping: _folder.File("map.yaml"));
    }

    private List<Choice> All()
    {
        using var store = ChoiceStores.Open(_workspace);
        return [.. store.Read(store.Size).Select(recorded => recorded.Choice)];
    }

    private void Write(string name, string content) =>
        Exports.ExportFolder.Write(_folder.File(name), System.Text.Encoding.UTF8.GetBytes(content));
}
