using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Recording;
using Aval.Storage;
using CsCheck;
using static Aval.Tests.Choices.ValidChoices;

namespace Aval.Tests.Choices;

/// <summary>Files of choices: all of them or none, in every format alike.</summary>
public sealed class ChoiceFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public ChoiceFileTests() => _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_format_records_the_same_choices()
    {
        var choices = Any.Array[200].Generate(new PCG(101, 101), null, out _);
        Write("choices.csv", Csv(choices));
        Write("choices.jsonl", Jsonl(choices));
        Write("choices.csv.gz", Gzip(Csv(choices)));
        Write("choices.jsonl.zst", Zstandard(Jsonl(choices)));
        WriteParquet("text.parquet", "choices.jsonl", "VARCHAR");
        WriteParquet("time.parquet", "choices.jsonl", "TIMESTAMPTZ");
        foreach (var file in new[]
        {
            "choices.csv", "choices.jsonl", "choices.csv.gz", "choices.jsonl.zst", "text.parquet", "time.parquet",
        })
        {
            var outcome = Record(file);
            Assert.Equal(choices.Length, outcome.Entries.Count);
            Assert.Equal(
                choices.GroupBy(choice => choice.Kind).ToDictionary(kind => kind.Key, kind => kind.LongCount()),
                outcome.ByKind.ToDictionary());
            Assert.Equal(choices, All().Skip((int)outcome.Entries.First.Value));
        }

        Assert.Equal(6 * choices.Length, All().Count);
    }

    [Fact]
    public void A_file_that_comes_again_is_recorded_again()
    {
        Write("choices.csv", "kind,account\nobjection,facebook:1\n");
        Assert.Equal(new EntryRange(new EntryIndex(0), 1), Record("choices.csv").Entries);
        Assert.Equal(new EntryRange(new EntryIndex(1), 1), Record("choices.csv").Entries);
    }

    [Fact]
    public void What_a_file_says_without_a_date_holds_though_the_clock_was_set_back_since_what_it_answers()
    {
        Write("yes.csv", "kind,account,notice\nconsent,facebook:1,v1\nconsent,facebook:2,v1\nconsent,facebook:4,v1\n");
        Record("yes.csv");
        var sooner = Now.AddHours(-1);
        Write("no.csv", $"""
            kind,account,made_at
            withdrawal,facebook:1,
            refusal,facebook:2,{sooner.ToText()}
            objection,facebook:1,
            withdrawal,facebook:3,
            """);
        var outcome = ChoiceFile.Record(_workspace, _folder.File("no.csv"), sooner);
        Assert.Equal([Now, sooner, sooner, sooner], All().Skip(3).Select(choice => choice.MadeAt));
        Assert.All(All().Skip(3), choice => Assert.Equal(sooner, choice.ReceivedAt));
        Assert.Equal(4, outcome.Entries.Count);
    }

    [Fact]
    public void It_does_so_too_when_what_it_answers_was_recorded_in_another_spelling()
    {
        // As an older version recorded it, before the service's form was stated: behind the doors.
        using (var store = ChoiceStores.Open(_workspace))
            store.Append([Sealing.Seal(new Choice(
                ChoiceKind.Consent, new Account("instagram", "Kim"), Purpose.TrainGenerativeAi, Scope.Everything, Now,
                Now, Notice: "v1"))]);
        Write("no.csv", "kind,account\nwithdrawal,instagram:kim\n");
        ChoiceFile.Record(_workspace, _folder.File("no.csv"), Now.AddHours(-1));
        Assert.Equal(Now, All()[1].MadeAt);
    }

    [Fact]
    public void All_that_is_wrong_is_listed_by_line_and_nothing_is_recorded()
    {
        Write("choices.csv", """
            kind,account,channel,notice
            objection,facebook:1,,
            objection,ann@example.org,,
            consent,facebook:2,,
            objection,"facebook:3","two
            lines",
            objection,facebook:4
            objection,"facebook:5"x,,
            objection,face"book:6,,

            objection,facebook:7,,"
            """);
        Assert.Equal("""
            choices.csv, line 3: column "account" should hold service:id (for example facebook:100044), but holds "ann@example.org".
            choices.csv, line 4: column "notice" should hold the version of the information notice that the consent answers (GDPR Art. 7(1)), but is empty.
            choices.csv, line 5: column "channel" should hold no control characters, but holds "two\u000alines".
            choices.csv, line 7: it has more or fewer fields than the header.
            choices.csv, line 8: it has text after a closing quote.
            choices.csv, line 9: it has a quote inside a field that is not quoted.
            choices.csv, line 11: it has a quote that is never closed.
            No choice from this file was recorded. Correct the lines and run the import again.
            """, Refused("choices.csv"));
        Assert.Empty(All());
    }

    [Fact]
    public void One_wrong_line_is_told_as_one()
    {
        Write("choices.jsonl", "{\"kind\":\"objection\",\"account\":\"facebook:1\"}\n\n"
            + "{\"kind\":\"objection\",\"account\":\"facebook\"}\n");
        Assert.Equal("""
            choices.jsonl, line 3: column "account" should hold service:id (for example facebook:100044), but holds "facebook".
            No choice from this file was recorded. Correct the line and run the import again.
            """, Refused("choices.jsonl"));
    }

    [Fact]
    public void Of_many_faults_twenty_are_shown_and_all_are_told()
    {
        Write("choices.csv", "kind,account\n"
            + string.Concat(Enumerable.Range(0, 500).Select(at => $"objection,{at}\n")));
        var told = new List<string>();
        var message = Refused("choices.csv", told.Add).Split('\n');
        Assert.Equal(500, told.Count);
        Assert.Equal(told.Take(20), message.Take(20));
        Assert.Equal(
            ["… and 480 more.", "No choice from this file was recorded. Correct the lines and run the import again."],
            message.Skip(20));
    }

    [Theory]
    [InlineData("kind,akkount\n", "line 1: the column \"akkount\" is unknown; known are kind, account, purpose,")]
    [InlineData("kind|account\n", "line 1: the column \"kind|account\" is unknown")]
    [InlineData("Kind,account\n", "line 1: the column \"Kind\" is unknown")]
    [InlineData("kind,account,kind\n", "line 1: the column \"kind\" is there 2 times")]
    [InlineData("kind\nobjection\n", "line 1: the column \"account\" is missing")]
    [InlineData("", "line 1: the column \"kind\" is missing")]
    [InlineData("kind,\"account\nobjection,facebook:1\n", "line 1: it has a quote that is never closed")]
    [InlineData("\0\0\0\0", "line 1: the column \"\\u0000\\u0000\\u0000\\u0000\" is unknown")]
    public void A_header_that_is_not_understood_is_refused(string content, string says)
    {
        Write("choices.csv", content);
        Assert.StartsWith($"choices.csv, {says}", Refused("choices.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"kind\":\"objection\",\"account\":\"facebook:1\"} {}", "it is not JSON: expected one object")]
    [InlineData("[]", "it is not JSON: expected one object")]
    [InlineData("{\"kind\":\"objection\",\"account\":\"facebook:1\"", "it is not JSON: expected one object")]
    [InlineData("{\"kind\":\"objection\",\"account\":100044}", "the column \"account\" should hold a string or null")]
    [InlineData(
        "{\"kind\":\"objection\",\"account\":{\"id\":1}}", "the column \"account\" should hold a string or null")]
    [InlineData("{\"kind\":\"objection\",\"acount\":\"facebook:1\"}", "the column \"acount\" is unknown")]
    [InlineData(
        "{\"kind\":\"objection\",\"kind\":\"consent\",\"account\":\"facebook:1\"}",
        "the column \"kind\" is there twice")]
    [InlineData("{\"kind\":\"objection\",\"account\":\"facebook:\\ud800\"}", "it holds text that is not UTF-8")]
    [InlineData(
        "{\"kind\":\"objection\",\"account\":\"facebook:\\u0000\"}",
        "column \"account\" should hold an id without white space or invisible characters (U+0000 stands at its end")]
    [InlineData("{}", "column \"kind\" should hold one of")]
    public void A_JSON_line_that_is_not_understood_is_refused(string line, string says)
    {
        Write("choices.jsonl", $"{{\"kind\":\"refusal\",\"account\":\"facebook:1\"}}\n{line}\n");
        Assert.StartsWith($"choices.jsonl, line 2: {says}", Refused("choices.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_and_not_replaced()
    {
        byte[] latin = [.. "objection,facebook:Ren"u8, 0xE9, (byte)'\n'];
        Write("choices.csv", [.. "kind,account\n"u8, .. latin]);
        Assert.StartsWith(
            "choices.csv, line 2: it holds bytes that are not UTF-8.", Refused("choices.csv"),
            StringComparison.Ordinal);
        Write("choices.jsonl", [.. "{\"kind\":\"objection\",\"account\":\"facebook:"u8, 0xFF, .. "\"}\n"u8]);
        Assert.StartsWith(
            "choices.jsonl, line 1: it holds text that is not UTF-8.", Refused("choices.jsonl"),
            StringComparison.Ordinal);
        Write("wide.csv", Encoding.UTF32.GetPreamble()
            .Concat(Encoding.UTF32.GetBytes("kind,account\nobjection,facebook:1\n")).ToArray());
        Assert.Contains("expected UTF-8, but it is UTF-32", Refused("wide.csv"), StringComparison.Ordinal);
        byte[] half = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(
            "kind,account\nobjection,facebook:"), 0x3d, 0xd8, .. Encoding.Unicode.GetBytes("1\n")];
        Write("half.csv", half);
        Assert.Contains("says UTF-16, but it holds what is none", Refused("half.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_either_line_end_are_taken_and_the_last_line_needs_none()
    {
        Write("choices.csv", "\ufeffkind,account\r\nobjection,facebook:1\r\n\r\nobjection,facebook:2");
        Write("choices.jsonl", "\ufeff{\"kind\":\"objection\",\"account\":\"facebook:1\"}\r\n"
            + "{\"kind\":\"objection\",\"account\":\"facebook:2\"}");
        Record("choices.csv");
        Record("choices.jsonl");
        Assert.Equal(
            ["facebook:1", "facebook:2", "facebook:1", "facebook:2"],
            All().Select(choice => choice.Account.ToString()));
    }

    [Fact]
    public void A_file_without_choices_records_none()
    {
        Write("choices.csv", "kind,account\n");
        Write("choices.jsonl", "");
        Assert.Equal(0, Record("choices.csv").Entries.Count);
        Assert.Equal(0, Record("choices.jsonl").Entries.Count);
    }

    [Theory]
    [InlineData("choices.csv")]
    [InlineData("choices.jsonl")]
    public void A_line_longer_than_the_limit_is_refused_and_not_held(string name)
    {
        using (var file = File.Create(_folder.File(name)))
        {
            file.Write("kind,account\nobjection,\""u8);
            var block = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
            for (var written = 0; written < 100; written++)
                file.Write(block);
        }

        // This thread's own: other tests allocate side by side.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Matches($"^{name}, line [12]: this (row|line) is longer than 16 MiB", Refused(name));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1 << 10, 80 << 20);
    }

    [Fact]
    public void A_file_that_changes_between_its_two_readings_is_refused()
    {
        Write("choices.csv", "kind,account\nobjection,facebook:1\n");
        Write("other.csv", "kind,account\nobjection,facebook:1\nobjection,facebook:2\n");
        var changed = Assert.Throws<AvalException>(
            () => ChoiceFile.Record(_workspace, _folder.File("choices.csv"), Now, (doing, _) =>
            {
                // The first reading has opened the file already and goes on with it.
                if (doing == "checking")
                    File.Move(_folder.File("other.csv"), _folder.File("choices.csv"), overwrite: true);
            }));
        Assert.Contains("the file changed while it was read", changed.Message, StringComparison.Ordinal);
        Assert.Empty(All());
    }

    [Fact]
    public void A_name_that_says_no_format_is_refused()
    {
        Write("choices.txt", "kind,account\n");
        Assert.Contains(
            "choices are read from .csv, .jsonl (also .gz or .zst) or .parquet", Refused("choices.txt"),
            StringComparison.Ordinal);
        Assert.Contains("there is no such file", Refused("nowhere.csv"), StringComparison.Ordinal);
        Assert.Contains("there is no such file", Refused("nowhere.parquet"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "account::VARCHAR AS account, TIMESTAMP '2025-01-01' AS made_at",
        "column \"made_at\" should hold text or a timestamp in UTC with microseconds (isAdjustedToUTC): "
            + "one without a zone")]
    [InlineData(
        "account::VARCHAR AS account, 5 AS made_at", "column \"made_at\" should hold text or a timestamp in UTC")]
    [InlineData("100044 AS account", "column \"account\" should hold text, but holds INTEGER")]
    [InlineData("account::VARCHAR AS account, 1 AS person", "the column \"person\" is unknown")]
    [InlineData("account::VARCHAR AS akkount", "the column \"akkount\" is unknown")]
    [InlineData(
        "account::VARCHAR AS account, 'infinity'::TIMESTAMPTZ AS made_at",
        "row 1: column \"made_at\" should hold an instant")]
    [InlineData(
        "account::VARCHAR AS account, '12000-01-01 00:00:00Z'::TIMESTAMPTZ AS made_at",
        "row 1: column \"made_at\" should hold an instant")]
    [InlineData("'nobody' AS account", "row 1: column \"account\" should hold service:id")]
    public void A_Parquet_file_that_is_not_understood_is_refused(string columns, string says)
    {
        using (var engine = Engine.Open(_folder.Path, EngineLimits.Default))
            engine.Execute(
                $"COPY (SELECT 'objection' AS kind, {columns} FROM (SELECT 'facebook:1' AS account)) "
                + $"TO {Engine.Literal(_folder.File("choices.parquet"))} (FORMAT parquet)");
        Assert.Contains(says, Refused("choices.parquet"), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_Parquet_file_keep_their_order_and_its_name_is_no_pattern()
    {
        const int rows = 400_000;
        using (var engine = Engine.Open(_folder.Path, EngineLimits.Default))
        {
            foreach (var name in new[] { "c[1]*.parquet", "c1x.parquet" })
                engine.Execute($"COPY (SELECT 'objection' AS kind, 'facebook:' || range AS account FROM range({rows}) "
                    + $"ORDER BY range) TO {Engine.Literal(_folder.File(name))} (FORMAT parquet, ROW_GROUP_SIZE 4096)");
        }

        using var lines = ChoiceLines.Open(_folder.File("c[1]*.parquet"), _folder.Path);
        long expected = 0;
        foreach (var line in lines.Read())
        {
            Assert.Equal(expected + 1, line.Number);
            if (line.Text!.Read(new ChoiceRules(Settings.Default), Now, [])!.Account.Id != expected.ToString(
                System.Globalization.CultureInfo.InvariantCulture))
                Assert.Fail($"Row {line.Number} is out of order.");
            expected++;
        }

        Assert.Equal(rows, expected);
    }

    [Fact]
    public void A_torn_Parquet_file_is_refused()
    {
        Write("choices.parquet", "PAR1 and no more");
        Assert.Contains("expected a whole Parquet file", Refused("choices.parquet"), StringComparison.Ordinal);
    }

    private List<Choice> All()
    {
        using var store = ChoiceStores.Open(_workspace);
        return [.. store.Read(store.Size).Select(recorded => recorded.Choice)];
    }

    private ChoiceFileOutcome Record(string name) => ChoiceFile.Record(_workspace, _folder.File(name), Now);

    // The folder's own name differs from run to run.
    private string Refused(string name, Action<string>? fault = null)
    {
        var refused = Assert.Throws<AvalException>(() => ChoiceFile.Record(
            _workspace, _folder.File(name), Now, fault: fault is null ? null : text => fault(Short(text))));
        Assert.Empty(All());
        return Short(refused.Message);
    }

    private string Short(string text) =>
        text.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private void Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    private void Write(string name, byte[] content)
    {
        using var file = File.Create(_folder.File(name));
        file.Write(content);
    }

    private void WriteParquet(string name, string jsonl, string instants)
    {
        using var engine = Engine.Open(_folder.Path, EngineLimits.Default);
        engine.Execute($"""
            COPY (
                SELECT kind, account, purpose, scope, made_at::{instants} AS made_at,
                    received_at::{instants} AS received_at, until::{instants} AS until, actor, channel, evidence,
                    notice, association
                FROM read_json({Engine.Literal(_folder.File(jsonl))}, format = 'newline_delimited',
                    columns = {'{' + string.Join(", ", ChoiceText.Columns.Select(column => $"{column}: 'VARCHAR'")) + '}'})
            ) TO {Engine.Literal(_folder.File(name))} (FORMAT parquet)
            """);
    }

    private static string Csv(IEnumerable<Choice> choices) =>
        string.Join(',', ChoiceText.Columns) + "\r\n" + string.Concat(choices.Select(choice =>
            string.Join(',', Cells(choice)
                .Select(cell => cell is null ? "" : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))
            + "\r\n"));

    private static string Jsonl(IEnumerable<Choice> choices) => string.Concat(choices.Select(choice =>
        JsonSerializer.Serialize(
            ChoiceText.Columns.Zip(Cells(choice)).ToDictionary(cell => cell.First, cell => cell.Second))
        + "\n"));

    private static string?[] Cells(Choice choice) =>
    [
        choice.Kind.ToText(), choice.Account.ToString(), choice.Purpose.Name, choice.Scope.ToString(),
        choice.MadeAt.ToText(), choice.ReceivedAt.ToText(),
        choice.Until?.ToText(), choice.Actor.ToText(), choice.Channel, choice.Evidence, choice.Notice, null,
        choice.Association,
    ];

    private static byte[] Gzip(string content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static byte[] Zstandard(string content)
    {
        using var packed = new MemoryStream();
        using (var zstandard = new ZstdSharp.CompressionStream(packed))
            zstandard.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }
}
