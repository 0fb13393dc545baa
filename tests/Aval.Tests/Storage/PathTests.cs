using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Aval.Choices;
using Aval.Content;
using Aval.Storage;

namespace Aval.Tests.Storage;

/// <summary>Where a workspace lies, and what its folders are called, decides about nobody.</summary>
public sealed class PathTests(PlainPlace plain) : IClassFixture<PlainPlace>, IDisposable
{
    // Values that would turn each decision around, or name somebody else, if the engine took them for a column's.
    private static readonly Dictionary<string, string> Telling = new(StringComparer.Ordinal)
    {
        ["audience"] = "public",
        ["author"] = "facebook:5",
        ["account"] = "facebook:5",
        ["birth_year"] = "1950",
        ["deleted"] = "false",
        ["kind"] = "consent",
        ["scope"] = "about-me",
        ["key"] = "facebook:h",
        ["bucket"] = "0",
        ["mask"] = "0",
        ["stored"] = "false",
        ["aval_file"] = "0",
        ["aval_line"] = "1",
        ["row_key"] = "00000000-0000-0000-0000-000000000000",
        ["output"] = "00",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_named_like_a_column_says_nothing()
    {
        var columns = Enum.GetValues<ContentKind>().SelectMany(CanonicalColumns.Of).Select(column => column.Name)
            .Concat(ChoiceText.Columns).Concat(Telling.Keys).Distinct();
        // Several a place, but not all in one: SQLite takes no path of more than 512 bytes.
        foreach (var some in columns.Chunk(15))
            MustDecideAsAnywhere(
                Path.Combine([.. some.Select(column => $"{column}={Telling.GetValueOrDefault(column, "2020")}")]));
    }

    [Theory]
    [InlineData("w[1]", "w1")]
    [InlineData("w*", "wx")]
    [InlineData("v?", "vx")]
    [InlineData("[[]", "[")]
    [InlineData("**", "any")]
    [InlineData("[!a]", "b")]
    public void A_folder_that_is_named_like_a_pattern_is_itself_and_no_other(string name, string decoy)
    {
        PlacedWorld.Decoy(_folder.File(decoy));
        MustDecideAsAnywhere(name);
    }

    [Fact]
    public void No_character_in_a_path_means_anything()
    {
        foreach (var decoy in (string[])["a", "b", "A"])
            Directory.CreateDirectory(_folder.File(decoy));
        MustDecideAsAnywhere(Path.Combine(
            "it's", "sp ace", "100%41", "a;b", "a,b", "{a,b}", "~", "$HOME", "é", "new\nline", "tab\t", "back\\slash",
            "-x", "s3:", "#1", "\"q\"", "a=b&c"));
    }

    [Fact]
    public void A_path_that_no_pattern_can_mean_is_refused_by_name()
    {
        var refused = Assert.Throws<AvalException>(() => ParquetFiles.Rows(_folder.File("back\\slash*.parquet")));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("back\\slash*.parquet", refused.Message, StringComparison.Ordinal);
    }

    // What BannedSymbols.txt cannot see: the readers are named inside SQL.
    [Fact]
    public void No_reader_of_the_engine_is_called_but_in_one_place()
    {
        using var engine = Engine.Open(_folder.Path, EngineLimits.Default);
        var readers = engine.Query(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro') "
            + "AND regexp_matches(function_name, '^(read_|parquet_|sniff_|seq_scan|scan_|glob)|_scan')",
            row => row.GetString(0));
        Assert.Contains("read_parquet", readers);
        Assert.Contains("parquet_schema", readers);
        Assert.Contains("read_csv_auto", readers);
        Assert.Contains("glob", readers);
        var called = new Regex(
            $@"\b({string.Join('|', readers)})\s*\(|\b(FROM|JOIN)\s+('|\{{Engine\.Literal)|\bATTACH\b",
            RegexOptions.CultureInvariant);

        var calls = Sources()
            .SelectMany(file => File.ReadLines(file)
                .Select((line, at) => (File: Path.GetFileName(file), Line: at + 1,
                    Text: line.Replace("DISTINCT FROM", "", StringComparison.Ordinal))))
            .Where(line => line.File != "ParquetFiles.cs" && called.IsMatch(line.Text))
            // It shows what a stranger would type, and runs nothing.
            .Where(line => !(line.File == "DemoCommand.cs"
                && line.Text.Contains("WriteLine(\"$ SELECT * FROM 'b000.parquet'", StringComparison.Ordinal)));

        Assert.Empty(calls);
    }

    private void MustDecideAsAnywhere(string place)
    {
        var placed = PlacedWorld.Of(_folder.File(place), plain.Keys);
        placed.Build();

        Assert.Equal(PlainPlace.Expected, placed.Decisions());
        Assert.Equal(plain.Bytes, placed.Bytes());
        Assert.Equal(plain.Answers, placed.Answers());
        Assert.Equal(1, placed.Audit().Rows);
        Assert.True(placed.Audit().Traced);
        placed.Verify();
    }

    private static IEnumerable<string> Sources([CallerFilePath] string here = "") =>
        Directory
            .EnumerateFiles(
                Path.GetFullPath(Path.Combine(here, "../../../../src")), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal));
}

/// <summary>The same world in a folder whose name nobody takes for anything.</summary>
public sealed class PlainPlace : IDisposable
{
    internal static readonly string[] Expected =
        [
            "a not-public", "b objected", "c minor", "d deleted-at-source", "e admitted", "f not-public", "g objected",
            "h deleted-at-source",
        ];

    private readonly TemporaryFolder _folder = new();

    public PlainPlace()
    {
        var world = PlacedWorld.Of(_folder.File("plain"), keys: null);
        world.Build();
        Assert.Equal(Expected, world.Decisions());
        (Keys, Bytes, Answers) = (world.Workspace.Keys, world.Bytes(), world.Answers());
    }

    internal string Keys { get; }

    internal IReadOnlyList<string> Bytes { get; }

    internal IReadOnlyList<string> Answers { get; }

    public void Dispose() => _folder.Dispose();
}
