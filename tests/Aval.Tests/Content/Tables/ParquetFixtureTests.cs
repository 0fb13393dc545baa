using Aval.Tests.Exports;

namespace Aval.Tests.ContentStore;

/// <summary>Parquet by many writers is read, or refused in our words.</summary>
public sealed class ParquetFixtureTests
{
    private const string Constants =
        "item_id: \"'1'\"\nservice: \"'facebook'\"\nkind: \"'post'\"\nauthor: \"'facebook:ann'\"\n";

    [Fact]
    public void Every_fixture_is_imported_or_refused()
    {
        var files = Directory.GetFiles(SharedData.Path("social/parquet_fixtures"));
        using var world = new ContentWorld();
        var refused = new List<string>();
        foreach (var file in files)
        {
            try
            {
                world.Import(file, mapping: Constants);
            }
            catch (AvalException told)
            {
                Assert.Equal(ExitCode.BadInput, told.Exit);
                Assert.Contains(Path.GetFileName(file), told.Message, StringComparison.Ordinal);
                refused.Add(Path.GetFileName(file));
            }
        }

        TestContext.Current.SendDiagnosticMessage("refused: " + string.Join(", ", refused));
        Assert.True(refused.Count < files.Length / 4, "refused: " + string.Join(", ", refused));
    }
}
