using Aval.Runs;
using Aval.Storage;

namespace Aval.Tests.Runs;

/// <summary>Slices: what a trainer of real networks needs to train again when somebody leaves.</summary>
public sealed class SlicesTests : IDisposable
{
    private readonly RunsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Each_slice_has_the_rows_of_its_buckets_and_what_is_said_later_tells_from_which_one_to_train_again()
    {
        var made = _world.Export(new ExportRequest(_world.Name, _world.Folder("sliced"), ExportFormat.Parquet)
        {
            Slices = 2,
        }).Made;
        Assert.Equal(["slice-0001", "slice-0002"], made.Splits.Select(split => split.Name));
        Assert.Equal(RunsWorld.Rows, made.Splits.Sum(split => split.Rows));
        var release = _world.Release.Directory;
        foreach (var (slice, buckets) in new[] { ("slice-0001", "0,1"), ("slice-0002", "2,3") })
        {
            var shards = string.Join(", ", buckets.Split(',').Select(
                bucket => RunsWorld.Quoted(Path.Combine(release, "shards", $"b00{bucket}.parquet"))));
            var file = RunsWorld.Quoted(Path.Combine(made.Folder, "data", $"{slice}.parquet"));
            Assert.Equal(0L, _world.Ask<long>($"""
                SELECT count(*) FROM (SELECT row_key FROM '{file.Trim('\'')}') AS slice
                FULL JOIN (SELECT row_key FROM read_parquet([{shards}])) AS shards USING (row_key)
                WHERE slice.row_key IS NULL OR shards.row_key IS NULL
                """));
        }

        Train("lm", made.Folder);
        var said = _world.Say(ChoiceKind.Objection, "facebook:30").Entries.First;
        var impact = Impact.Of(
            _world.Workspace, new ImpactQuestion.Since(said), RunsWorld.Later, new EngineLimits(1, 500_000_000));
        var first = _world.Ask<int>($"""
            SELECT min(CASE WHEN file LIKE '%slice-0001%' THEN 1 ELSE 2 END)::INTEGER
            FROM read_parquet('{made.Folder}/data/*.parquet', filename = 'file')
            SEMI JOIN (SELECT row_key FROM read_parquet({_world.LineageFiles()}) WHERE account = 'facebook:30')
                USING (row_key)
            """);
        Assert.Equal(first, Assert.Single(impact.Exports).FirstSlice);
        Assert.Equal(first, Assert.Single(impact.Models).FirstSlice);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void There_are_no_more_slices_than_buckets(int slices)
    {
        var refused = Assert.Throws<AvalException>(() => _world.Export(
            new ExportRequest(_world.Name, _world.Folder("none"), ExportFormat.Text) { Slices = slices }));
        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.False(Directory.Exists(_world.Folder("none")));
    }

    private void Train(string name, string export)
    {
        var outcome = Running.Run(
            _world.Workspace,
            new RunRequest(_world.Name, ["/bin/sh", "-c", "echo weights > \"$AVAL_MODEL/weights\""])
            {
                Name = name,
                Export = export,
                Model = _world.Folder($"model-{name}"),
            },
            _world.Clock, new EngineLimits(1, 500_000_000), _ => { });
        Assert.NotNull(outcome.Model);
    }
}
