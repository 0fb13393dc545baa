using Aval.Recording;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>What each file says of its columns: asked of it alone, and never made to fit another's.</summary>
public sealed class TableShapeTests : IDisposable
{
    private const string Items =
        "'facebook' AS service, 'post' AS kind, 'facebook:7' AS author, 'public' AS audience, 'words' AS text";
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("TIMESTAMP '2024-01-01'")]
    [InlineData("DATE '2024-01-01'")]
    [InlineData("TIMESTAMP_NS '2024-01-01'")]
    [InlineData("'2024-01-01T00:00:00Z'")]
    public void An_instant_without_a_zone_is_not_UTC_because_another_files_is(string other)
    {
        var utc = _world.Parquet(
            "a.parquet", $"SELECT '1' AS item_id, {Items}, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS created_at");
        var zoneless = _world.Parquet("b.parquet", $"SELECT '2' AS item_id, {Items}, {other} AS created_at");

        var refused = _world.Refused(() => _world.Import([utc, zoneless]));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("a.parquet", refused.Message, StringComparison.Ordinal);
        Assert.Contains("b.parquet", refused.Message, StringComparison.Ordinal);
        Assert.Contains("created_at", refused.Message, StringComparison.Ordinal);
        Assert.Contains("TIMESTAMP WITH TIME ZONE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_nobody_reads_may_differ_and_whole_numbers_may_have_any_width()
    {
        var one = _world.Parquet("a.parquet", $"SELECT 1::INTEGER AS item_id, {Items}, 1 AS shade");
        var other = _world.Parquet("b.parquet", $"SELECT 2::BIGINT AS item_id, {Items}, 'red' AS shade");

        Assert.Empty(_world.Import([one, other]).Rejects);
        Assert.Equal(["1 | words", "2 | words"], _world.Texts());
    }

    [Fact]
    public void A_column_in_another_case_does_not_go_unread_with_its_deletion()
    {
        var one = _world.Parquet("a.parquet", $"SELECT '1' AS item_id, {Items}, true AS deleted");
        var other = _world.Parquet("b.parquet", $"SELECT '2' AS item_id, {Items}, true AS \"Deleted\"");

        foreach (var files in (string[][])[[one, other], [other, one], [other]])
        {
            var refused = _world.Refused(() => _world.Import(files));
            Assert.Contains("\"Deleted\"", refused.Message, StringComparison.Ordinal);
            Assert.Contains("\"deleted\"", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_or_a_header_in_another_case_does_not_go_unread_with_its_deletion()
    {
        var line = _world.Lines(Item("1"), Item("2", ("Deleted", "true")));
        var header = _world.Write(
            "a.csv", "item_id,service,kind,author,audience,DELETED\n1,facebook,post,facebook:7,public,\n");

        foreach (var file in (string[])[line, header])
            Assert.Contains("\"deleted\"", _world.Refused(() => _world.Import(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" deleted", "deleted")]
    [InlineData("Created-At", "created_at")]
    [InlineData("observed at", "observed_at")]
    public void A_column_with_a_space_or_a_hyphen_does_not_go_unread_either(string column, string canonical)
    {
        var header = _world.Write(
            "a.csv", $"item_id,service,kind,author,audience,{column}\n1,facebook,post,facebook:7,public,\n");
        var parquet = _world.Parquet("b.parquet", $"SELECT '2' AS item_id, {Items}, NULL AS \"{column}\"");
        foreach (var file in (string[])[header, parquet, _world.Lines(Item("1", (column, "null")))])
            Assert.Contains(
                $"canonical \"{canonical}\"", _world.Refused(() => _world.Import(file)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_cannot_choose_between_files_columns_that_differ_in_case()
    {
        var one = _world.Parquet("a.parquet", "SELECT '1' AS id, true AS gone");
        var other = _world.Parquet("b.parquet", "SELECT '2' AS id, true AS \"Gone\"");
        const string mapping =
            "{item_id: id, service: \"'facebook'\", kind: \"'post'\", author: \"'facebook:7'\", deleted: gone}";

        Assert.Contains(
            "\"Gone\"", _world.Refused(() => _world.Import([one, other], mapping: mapping)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nanoseconds_in_UTC_are_refused_before_they_are_cut()
    {
        var finer = Utc(_world.Parquet(
            "a.parquet",
            $"SELECT '1' AS item_id, {Items}, TIMESTAMP_NS '2024-01-01 00:00:00.000000001' AS created_at"));

        var refused = _world.Refused(() => _world.Import(finer));

        Assert.Contains("nanoseconds", refused.Message, StringComparison.Ordinal);
        Assert.Contains("created_at", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_cuts_no_nanoseconds_and_takes_what_has_none()
    {
        var finer = _world.Parquet("a.parquet", $"""
            SELECT id AS item_id, {Items}, seen AS made
            FROM (VALUES ('1', TIMESTAMP_NS '2024-01-01 00:00:00.123456'),
                ('2', TIMESTAMP_NS '2024-01-01 00:00:00.123456789')) AS v(id, seen)
            """);
        const string mapping = "{item_id: item_id, service: service, kind: kind, author: author, audience: audience, "
            + "created_at: \"made AT TIME ZONE 'UTC'\"}";

        var reject = Assert.Single(_world.Import(finer, mapping: mapping).Rejects);

        Assert.Equal(("created_at", 2L), (reject.Column, reject.Line));
        Assert.Contains("microsecond", reject.Reason, StringComparison.Ordinal);
        Assert.Equal(["1"], _world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_choice_whose_nanoseconds_would_be_cut_is_refused()
    {
        var finer = Utc(_world.Parquet(
            "c.parquet",
            "SELECT 'objection' AS kind, 'facebook:7' AS account, TIMESTAMP_NS '2025-01-01 00:00:00.000000001' "
                + "AS made_at"));

        var refused = Assert.Throws<AvalException>(() => ChoiceFile.Record(_world.Workspace, finer, Today));

        Assert.Contains("nanoseconds", refused.Message, StringComparison.Ordinal);
        Assert.Contains("made_at", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_of_choices_cuts_no_nanoseconds_either()
    {
        var finer = _world.Parquet(
            "c.parquet", "SELECT '7' AS id, TIMESTAMP_NS '2025-01-01 00:00:00.000000001' AS made");
        var mapping = _world.Mapping(
            "{kind: \"'objection'\", account: \"'facebook:' || id\", made_at: \"made AT TIME ZONE 'UTC'\"}");

        var zoneless = Assert.Throws<AvalException>(
            () => ChoiceFile.Record(_world.Workspace, finer, Today, mapping: mapping));
        Assert.Contains("row 1: column \"made_at\"", zoneless.Message, StringComparison.Ordinal);
        var utc = Assert.Throws<AvalException>(
            () => ChoiceFile.Record(_world.Workspace, Utc(finer), Today, mapping: mapping));
        Assert.Contains("nanoseconds", utc.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1735689600::BIGINT")]
    [InlineData("1735689600::INTEGER")]
    [InlineData("1735689600.0::DOUBLE")]
    [InlineData("TIMESTAMP '2025-01-01'")]
    [InlineData("TIMESTAMP_MS '2025-01-01'")]
    [InlineData("DATE '2025-01-01'")]
    public void What_is_proposed_for_an_instant_of_another_type_works_as_it_stands(string value)
    {
        var path = _world.Parquet("a.parquet", $"SELECT '1' AS item_id, {Items}, {value} AS created_at");

        var message = _world.Refused(() => _world.Import(path)).Message;
        var proposed = message[(message.IndexOf("created_at: \"", StringComparison.Ordinal) + "created_at: ".Length)..];
        proposed = proposed[..(proposed.IndexOf('"', 1) + 1)];
        _world.Import(path, mapping: "{item_id: item_id, service: service, kind: kind, author: author, created_at: "
            + $"{proposed}}}");

        Assert.Equal(["1735689600000000"], _world.Query("SELECT epoch_us(created_at) FROM items_now"));
    }

    [Theory]
    [InlineData("""{"persons": [{"account": "facebook:2", "account": "facebook:3", "role": "tagged"}]}""", "persons")]
    [InlineData("""{"media": [{"uri": "a.jpg", "uri": "b.jpg"}]}""", "media")]
    [InlineData(
        """{"persons": [{"account": "facebook:2", "role": "tagged", "more": {"x": [{"y": 1, "y": 2}]}}]}""", "persons")]
    [InlineData("""{"extra": {"a": {"b": 1, "b": 2}}}""", "extra")]
    public void A_key_that_stands_twice_at_any_depth_drops_nobody(string members, string column)
    {
        var outcome = _world.Import(
            _world.Lines(Item("before"), $"{Item("bad")[..^1]}, {members[1..]}", Item("after")));

        var reject = Assert.Single(outcome.Rejects);
        Assert.Equal((2L, column), (reject.Line, reject.Column));
        Assert.Contains("twice", reject.Reason, StringComparison.Ordinal);
        Assert.Equal(["after", "before"], _world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_key_that_stands_once_in_each_of_two_objects_is_no_twin()
    {
        Assert.Empty(_world.Import(_world.Lines(Item("1", ("persons",
            """[{"account": "facebook:2", "role": "tagged"}, {"account": "facebook:3", "role": "tagged"}]"""), ("x",
                """{"a": {"a": {"a": 1}}}""")))).Rejects);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void A_list_that_is_written_as_text_drops_nobody_either(string format)
    {
        const string persons = """[{"account":"facebook:2","account":"facebook:3","role":"tagged"}]""";
        var path = format == "csv"
            ? _world.Write(
                "a.csv",
                "item_id,service,kind,author,persons\n"
                    + $"1,facebook,post,facebook:7,\"{persons.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")
            : _world.Parquet("a.parquet", $"SELECT '1' AS item_id, {Items}, '{persons}' AS persons");

        Assert.Equal("persons", Assert.Single(_world.Import(path).Rejects).Column);
    }

    // The engine writes no timestamps in UTC with nanoseconds; in the footer, one bit says which they are.
    private static string Utc(string path)
    {
        var bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> zonelessNanoseconds = [0x12, 0x1c, 0x3c];
        var at = bytes.AsSpan().IndexOf(zonelessNanoseconds);
        bytes[at] = 0x11;
        using var stream = File.Create(path);
        stream.Write(bytes);
        return path;
    }
}
