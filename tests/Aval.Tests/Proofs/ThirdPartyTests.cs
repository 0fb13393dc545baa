using System.Security.Cryptography;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Tests.Proofs;

/// <summary>Somebody else's verifier (golang.org/x/mod/sumdb) reads what we wrote.</summary>
public sealed class ThirdPartyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_third_partys_verifier_accepts_the_checkpoint_every_tile_every_entry_and_the_receipts()
    {
        using var world = new CommittedWorld();
        var verifier = GoVerifier.Build(_folder.Path);
        var receipts = new List<string>();
        void Keep(EntryIndex index)
        {
            receipts.Add(_folder.File($"{receipts.Count}.receipt"));
            Durable.Replace(receipts[^1], world.ReceiptOf(index).ToFile());
        }

        // One entry, a partial tile, the edge of a tile, and an old receipt in a log that went on.
        for (var i = 0; i < 260; i++)
        {
            var index = world.Choose(ChoiceKind.Objection, $"facebook:{i}");
            if (i is 0 or 7 or 255 or 256 or 259)
            {
                Keep(index);
                Assert.StartsWith(
                    $"ok: {i + 1} entries", verifier.Answer(0, [world.Ledger, world.Verifier.ToString(), .. receipts]),
                    StringComparison.Ordinal);
            }
        }

        // It would have found what is wrong.
        var tile = Path.Combine(world.Ledger, "tile", "0", "000");
        var bytes = File.ReadAllBytes(tile);
        Durable.Replace(tile, [.. bytes[..100], (byte)(bytes[100] ^ 1), .. bytes[101..]]);
        verifier.Answer(1, world.Ledger, world.Verifier.ToString());
        Durable.Replace(tile, bytes);
        var receipt = File.ReadAllText(receipts[0]).Replace("facebook:0", "facebook:1", StringComparison.Ordinal);
        Durable.Replace(receipts[0], receipt);
        verifier.Answer(1, world.Ledger, world.Verifier.ToString(), receipts[0]);
    }

    [Fact]
    public void A_third_partys_verifier_accepts_a_log_of_three_levels_written_in_batches()
    {
        var verifier = GoVerifier.Build(_folder.Path);
        var (log, key) = (_folder.File("log"), SigningKey.Generate("ledger.example/aval"));
        var size = 0L;
        foreach (var batch in new[] { 1, 255, 300, 65_000 })
        {
            var writer = TileWriter.Continue(log, new TreeSize(size));
            for (var i = 0; i < batch; i++)
                writer.Append(
                    new LedgerEntry(EntryKind.Choice, Hash.From(SHA256.HashData(BitConverter.GetBytes(size + i))))
                        .ToBytes());
            writer.Complete();
            size = writer.Size.Value;
            Durable.Replace(
                Path.Combine(log, "checkpoint"),
                key.Sign(new Checkpoint("ledger.example/aval", writer.Size, writer.Root()).Text));
            Assert.StartsWith(
                $"ok: {size} entries", verifier.Answer(0, log, key.Verifier.ToString()), StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();
}
