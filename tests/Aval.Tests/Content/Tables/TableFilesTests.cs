using Aval.Content;
using Aval.Content.Tables;
using Aval.Recording;
using Aval.Storage;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>Folders of tables, what lies beside tables, and tables that are more than their files.</summary>
public sealed class TableFilesTests : IDisposable
{
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_folder_is_its_tables_and_what_other_programs_put_beside_them_is_counted()
    {
        Items("table/part-0.parquet", "1");
        Items("table/more/part-1.parquet", "2");
        foreach (var beside
            in (string[])["_SUCCESS", "_metadata", "_common_metadata", ".part-0.parquet.crc", "part-0.parquet.crc"])
            _world.Write($"table/{beside}", "x");
        Directory.CreateDirectory(_world.File("table/_temporary"));
        _world.Write("table/_temporary/part-2.parquet", "torn");

        var outcome = _world.Import([_world.File("table")]);

        Assert.Equal(["1", "2"], Ids());
        Assert.Equal(6, outcome.PassedOver.Count);
        Assert.Contains("_SUCCESS", outcome.PassedOver);
    }

    [Fact]
    public void A_pattern_passes_over_the_same_names_and_is_literal_in_its_folders()
    {
        Items("w*/part-0.parquet", "1");
        Items("wx/part-0.parquet", "2");
        _world.Write("w*/_SUCCESS", "");

        var outcome = _world.Import([_world.File("w*/*")]);

        Assert.Equal(["1"], Ids());
        Assert.Equal(["_SUCCESS"], outcome.PassedOver);
    }

    [Fact]
    public void A_folder_without_a_table_is_called_one()
    {
        Directory.CreateDirectory(_world.File("empty"));

        var refused = _world.Refused(() => _world.Import([_world.File("empty")]));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("folder", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no such file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_choices_is_called_one()
    {
        Directory.CreateDirectory(_world.File("choices.csv"));

        Assert.Contains("folder", Assert.Throws<AvalException>(() =>
            ChoiceFile.Record(_world.Workspace, _world.File("choices.csv"), Today)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_delta_log/00000000000000000000.json", "part-0.parquet", "Delta")]
    [InlineData("metadata/v1.metadata.json", "data/part-0.parquet", "Iceberg")]
    [InlineData(".hoodie/hoodie.properties", "x/part-0.parquet", "Hudi")]
    public void A_table_whose_log_says_what_was_deleted_is_refused_by_name(string log, string part, string kind)
    {
        Items($"table/{part}", "1");
        Directory.CreateDirectory(Path.GetDirectoryName(_world.File($"table/{log}"))!);
        _world.Write($"table/{log}", "{}");

        foreach (var path in (string[])["table", $"table/{part}", $"table/{Path.GetDirectoryName(part)}/*.parquet"])
        {
            var refused = _world.Refused(() => _world.Import([_world.File(path)]));
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            Assert.Contains(kind, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_column_in_the_names_of_folders_is_asked_for_and_never_lost(bool inPlace)
    {
        Accounts("table/country=FR/birth_year=1990/part-0.parquet", 1);
        Accounts("table/country=DE/birth_year=2015/part-0.parquet", 2);
        Accounts("table/country=__HIVE_DEFAULT_PARTITION__/birth_year=1950/part-0.parquet", 3);

        var refused = _world.Refused(() => Import("table", null, inPlace));
        Assert.Contains("--partitioned country:text,birth_year:integer", refused.Message, StringComparison.Ordinal);

        Assert.Empty(Import("table", "country:text,birth_year:integer", inPlace).Rejects);
        Assert.Equal(
            ["facebook:1 | FR | 1990", "facebook:2 | DE | 2015", "facebook:3 | null | 1950"],
            _world.Query("SELECT account, country, birth_year FROM accounts_now"));
        // Above the path that was given, and where nobody reads it, a name says nothing.
        Items("audience=friends/shade=red/part-0.parquet", "1");
        _world.Import([_world.File("audience=friends/shade=red")]);
        Assert.Equal(["public"], _world.Query("SELECT audience FROM items_now"));
    }

    [Fact]
    public void The_same_bytes_in_another_partition_are_another_table()
    {
        Accounts("one/country=FR/part-0.parquet", 1);
        Directory.CreateDirectory(_world.File("other/country=DE"));
        File.Copy(_world.File("one/country=FR/part-0.parquet"), _world.File("other/country=DE/part-0.parquet"));

        Import("one", "country:text", inPlace: false);
        _world.Clock.Now += TimeSpan.FromDays(1);
        Import("other", "country:text", inPlace: false);

        Assert.Equal(["facebook:1 | DE"], _world.Query("SELECT account, country FROM accounts_now"));
    }

    [Theory]
    [InlineData("country", ExitCode.Usage)]
    [InlineData("country:date", ExitCode.Usage)]
    [InlineData("country:text,country:text", ExitCode.Usage)]
    [InlineData("country:integer", ExitCode.BadInput)]
    [InlineData("city:text", ExitCode.BadInput)]
    [InlineData("country:text,account:text", ExitCode.BadInput)]
    public void A_partition_that_is_not_there_or_of_another_type_is_refused(string partitioned, ExitCode exit)
    {
        Accounts("table/country=FR/account=3/part-0.parquet", 1);

        Assert.Equal(exit, _world.Refused(() => Import("table", partitioned, inPlace: false)).Exit);
    }

    [Theory]
    [InlineData("torn")]
    [InlineData("header")]
    [InlineData("middle")]
    [InlineData("text")]
    [InlineData("empty")]
    public void Damaged_Parquet_is_bad_input_with_its_name_and_no_bug(string damage)
    {
        Items("table/a.parquet", "1");
        Items("table/b.parquet", "2");
        Items("table/c.parquet", "3");
        var bytes = File.ReadAllBytes(_world.File("table/b.parquet"));
        switch (damage)
        {
            case "torn":
                bytes = bytes[..^20];
                break;
            case "header":
                bytes.AsSpan(4, 12).Fill(0xff);
                break;
            case "middle":
                bytes.AsSpan(bytes.Length / 2, 80).Clear();
                break;
            case "text":
                bytes = "hello, hello, hello, hello"u8.ToArray();
                break;
            default:
                bytes = [];
                break;
        }

        _world.Write("table/b.parquet", bytes);

        var refused = _world.Refused(() => _world.Import([_world.File("table")]));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("b.parquet: expected a whole Parquet file", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Fetch it again", refused.Message, StringComparison.Ordinal);
        var choices = Assert.Throws<AvalException>(
            () => ChoiceFile.Record(_world.Workspace, _world.File("table/b.parquet"), Today));
        Assert.Equal(ExitCode.BadInput, choices.Exit);
        Assert.Contains("b.parquet", choices.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_Parquet_is_called_so()
    {
        Items("a.parquet", "1");
        var bytes = File.ReadAllBytes(_world.File("a.parquet"));
        "PARE"u8.CopyTo(bytes);
        "PARE"u8.CopyTo(bytes.AsSpan(bytes.Length - 4));
        _world.Write("a.parquet", bytes);

        Assert.Contains(
            "it is encrypted", _world.Refused(() => _world.Import(_world.File("a.parquet"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("it is encrypted", Assert.Throws<AvalException>(() =>
            ChoiceFile.Record(_world.Workspace, _world.File("a.parquet"), Today)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codec_that_cannot_be_read_is_named()
    {
        Items("a.parquet", "1");
        var bytes = File.ReadAllBytes(_world.File("a.parquet"));
        // In the footer a column's codec (Snappy, 1) is a 32-bit field that stands before its number of values.
        for (var at = bytes.Length / 3; at < bytes.Length - 2; at++)
        {
            if (bytes[at] == 0x15 && bytes[at + 1] == 0x02 && bytes[at + 2] == 0x16)
                bytes[at + 1] = 0x06; // LZO, 3.
        }

        _world.Write("a.parquet", bytes);

        var refused = _world.Refused(() => _world.Import(_world.File("a.parquet")));
        Assert.Contains("LZO", refused.Message, StringComparison.Ordinal);
        Assert.Contains("zstd", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_not_the_files_fault()
    {
        using var engine = Engine.Open(_world.File("tmp"), new EngineLimits(1, 1_000_000_000));
        engine.Execute("SET temp_directory = ''; SET memory_limit = '8MB'");

        var failure = Assert.ThrowsAny<Exception>(() => TableSource.Guarded(engine, ["a.parquet"], () =>
        {
            engine.Execute("CREATE TABLE big AS SELECT i, repeat('x', 100) || i AS s FROM range(3000000) AS t(i)");
            return true;
        }));

        Assert.True(FileFailure.Is(failure));
        Assert.Contains("--memory", FileFailure.ToException(failure).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choices_file_tells_all_its_unknown_columns_at_once()
    {
        var csv = _world.Write("c.csv", "kind,account,colour,size\n");

        var refused = Assert.Throws<AvalException>(() => ChoiceFile.Record(_world.Workspace, csv, Today));

        Assert.Contains("\"colour\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"size\"", refused.Message, StringComparison.Ordinal);
    }

    private ImportOutcome Import(string path, string? partitioned, bool inPlace) => Importing.Tables(
        _world.Workspace, [_world.File(path)],
        new ImportOptions(
            ContentKind.Accounts, null, false, inPlace, null, null, null, new EngineLimits(2, 500_000_000))
        {
            Partitioned = partitioned,
        },
        _world.Clock, (_, _) => { });

    private IReadOnlyList<string> Ids() => _world.Query("SELECT item_id FROM items_now");

    private void Items(string path, string id) => Parquet(
        path,
        $"SELECT '{id}' AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:7' AS author, "
            + $"'public' AS audience, 'some words of {id}' AS text");

    private void Accounts(string path, int account) =>
        Parquet(path, $"SELECT 'facebook:{account}' AS account, 'Somebody {account}' AS display_name");

    private void Parquet(string path, string query)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_world.File(path))!);
        _world.Parquet(path, query);
    }
}
