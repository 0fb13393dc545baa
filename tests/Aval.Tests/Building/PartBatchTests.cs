using Aval.Building;

namespace Aval.Tests.Releases;

/// <summary>Which buckets one statement decides: small ones together, as long as nobody is left without work.</summary>
public sealed class PartBatchTests
{
    private const long Large = 1 << 20;

    [Fact]
    public void Small_buckets_are_made_together_and_every_worker_has_some()
    {
        var batches = PartBatch.Of(Parts(Enumerable.Repeat(1_000L, 10)), workers: 3);

        Assert.Equal([4, 4, 2], batches.Select(batch => batch.Parts.Count));
        Assert.Equal("0, 1, 2, 3", batches[0].Buckets);
    }

    [Fact]
    public void What_is_made_together_is_no_more_than_a_large_bucket_is_alone()
    {
        var batches = PartBatch.Of(Parts([Large / 2, Large / 2, 1, Large + 1, Large + 1, 1, 1]), workers: 1);

        Assert.Equal([2, 1, 1, 1, 2], batches.Select(batch => batch.Parts.Count));
    }

    [Fact]
    public void As_many_as_have_their_files_open_at_once_are_made_together_and_no_more()
    {
        var batches = PartBatch.Of(Parts(Enumerable.Repeat(1L, 4_096)), workers: 2);

        Assert.All(batches, batch => Assert.Equal(64, batch.Parts.Count));
        Assert.Equal(64, batches.Count);
    }

    [Fact]
    public void A_bucket_for_which_content_in_place_was_gathered_is_made_alone()
    {
        var parts = Parts(Enumerable.Repeat(1L, 5));
        var gathered = parts[2] with { Facts = [new FactsFile("gathered/bucket=2/data_0.parquet", "00")] };

        var batches = PartBatch.Of([.. parts.Take(2), gathered, .. parts.Skip(3)], workers: 1);

        Assert.Equal([2, 1, 2], batches.Select(batch => batch.Parts.Count));
    }

    [Fact]
    public void Every_bucket_is_made_once_and_a_file_that_they_share_is_read_once()
    {
        foreach (var (count, workers) in new[] { (0, 2), (1, 16), (7, 2), (16, 16), (33, 4) })
        {
            var parts = Parts(Enumerable.Repeat(Large / 5, count));

            var batches = PartBatch.Of(parts, workers);

            Assert.Equal(parts, batches.SelectMany(batch => batch.Parts));
            Assert.All(batches, batch => Assert.Equal(["items/shared.parquet"], batch.Content));
        }
    }

    private static PlannedPart[] Parts(IEnumerable<long> bytes) =>
        [.. bytes.Select((size, bucket) => new PlannedPart(bucket, "", ["items/shared.parquet"], [], size))];
}
