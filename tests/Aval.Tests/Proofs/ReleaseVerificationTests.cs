using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Aval.Ledger;
using Aval.Policies;
using Aval.Tests.Authors;

namespace Aval.Tests.Proofs;

public sealed class ReleaseVerificationTests
{
    [Fact]
    public void A_release_is_verified_with_nothing_but_its_directory_and_the_key()
    {
        using var world = Built();
        var release = ReleaseVerification.Verify(world.Release, world.Verifier);
        Assert.Equal(
            (6, 2, 5L, new EntryIndex(2)), (release.Files, release.Audit, release.Manifest.Admitted, release.Index));
        Assert.Equal(9, release.Listed);
        Directory.Delete(world.In("authors/audit"), recursive: true);
        Assert.Equal(0, ReleaseVerification.Verify(world.Release, world.Verifier).Audit);
        Directory.Delete(world.In("authors/tile"), recursive: true);
        Assert.Null(ReleaseVerification.Verify(world.Release, world.Verifier).Listed);
    }

    [Theory]
    [InlineData("shards/b000.parquet")]
    [InlineData("shards/b001.parquet")]
    [InlineData("authors/audit/b001.parquet")]
    [InlineData("accounting.json")]
    [InlineData("README.md")]
    [InlineData("manifest.json")]
    [InlineData("manifest.sig")]
    [InlineData("manifest.tlog-proof")]
    [InlineData("authors/checkpoint")]
    [InlineData("authors/tile/0/000.p/4")]
    [InlineData("authors/tile/entries/000.p/4")]
    public void One_changed_byte_of_any_file_is_found_and_so_are_a_byte_more_and_a_missing_file(string file)
    {
        using var world = Built();
        var bytes = File.ReadAllBytes(world.In(file));
        // A leaf and the hash of it contradict each other, and neither says which of the two was changed.
        var named = file == "manifest.json"
            ? "manifest"
            : file.Contains("/tile/", StringComparison.Ordinal) ? "authors/tile/" : file;
        for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 40))
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            world.Write(file, changed);
            AssertWrong(world, named);
        }

        world.Write(file, [.. bytes, (byte)'\n']);
        AssertWrong(world, named);
        File.Delete(world.In(file));
        AssertWrong(world, file);
        world.Write(file, bytes);
        ReleaseVerification.Verify(world.Release, world.Verifier);
    }

    // A tree of two levels and two bundles, by the real build.
    [Fact]
    public void No_byte_of_a_release_can_be_flipped_unseen_and_no_tile_taken_or_added()
    {
        using var built = new BuiltRelease(1200, itemsEach: 1);
        built.Build(policy: PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml"));
        var key = SigningKey.Read(built.Workspace.SigningKeyFile).Verifier;
        Assert.Equal(1200, ReleaseVerification.Verify(built.Directory, key).Listed);
        var files = Directory.GetFiles(built.Directory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("tile/1/000.p/2", StringComparison.Ordinal));
        var random = new Random(15);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            int[] places = [0, bytes.Length - 1, .. Enumerable.Range(0, 12).Select(_ => random.Next(bytes.Length))];
            foreach (var place in places)
            {
                var changed = (byte[])bytes.Clone();
                changed[place] ^= (byte)(1 << random.Next(8));
                Aval.Storage.Durable.Replace(file, changed);
                Mutations.AssertRefused([], _ => ReleaseVerification.Verify(built.Directory, key), $"{file}, byte "
                    + $"{place}");
            }

            Aval.Storage.Durable.Replace(file, bytes);
            if (!file.Contains("/tile/", StringComparison.Ordinal))
                continue;
            File.Move(file, file + "x");
            Mutations.AssertRefused([], _ => ReleaseVerification.Verify(built.Directory, key), $"{file} is not there");
            File.Copy(file + "x", file);
            Mutations.AssertRefused([], _ => ReleaseVerification.Verify(built.Directory, key), $"{file}x is there too");
            File.Delete(file + "x");
        }

        ReleaseVerification.Verify(built.Directory, key);
    }

    [Fact]
    public void An_extra_line_for_which_nothing_vouches_is_refused_in_the_proof_of_an_entry()
    {
        using var world = Built();
        var proof = InclusionProof.Parse(world.Manifest().Entry!) with { Extra = [1, 2, 3] };
        world.Write("manifest.tlog-proof", proof.ToFile());
        AssertWrong(world, "manifest.tlog-proof");
    }

    [Fact]
    public void Every_bit_of_a_manifests_signature_and_of_its_entrys_proof_counts()
    {
        using var world = Built();
        var (manifest, signature, entry) =
            (ManifestFacts.Parse(world.Manifest().Json), world.Manifest().Signature!, world.Manifest().Entry!);
        Mutations.OfEveryBit(signature, changed => manifest.RequireSignature(changed, world.Verifier));
        Mutations.OfEveryBit(entry, changed => manifest.RequireEntry(InclusionProof.Parse(changed), world.Verifier));
    }

    [Fact]
    public void A_file_that_no_manifest_lists_is_named_and_so_is_a_link()
    {
        using var world = Built();
        world.Write("shards/b002.parquet", "x"u8);
        AssertWrong(world, "shards/b002.parquet");
        File.Delete(world.In("shards/b002.parquet"));
        File.CreateSymbolicLink(world.In("extra"), "/etc/passwd");
        AssertWrong(world, "extra");
        File.Delete(world.In("extra"));
        File.Move(world.In("README.md"), Path.Combine(world.Path, "elsewhere"));
        File.CreateSymbolicLink(world.In("README.md"), Path.Combine(world.Path, "elsewhere"));
        AssertWrong(world, "README.md");
        // Nobody will ever write into it.
        File.Delete(world.In("README.md"));
        System.Diagnostics.Process.Start("mkfifo", world.In("README.md")).WaitForExit();
        AssertWrong(world, "README.md");
    }

    [Theory]
    [InlineData("../README.md")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../README.md")]
    [InlineData("a//b")]
    [InlineData("./README.md")]
    [InlineData("C:\\x")]
    [InlineData("a\\b")]
    [InlineData("")]
    [InlineData("x\u0000y")]
    [InlineData("accounting.json")]
    [InlineData("ACCOUNTING.json")]
    public void A_path_that_leaves_the_release_or_stands_twice_is_refused_even_when_it_is_signed(string path)
    {
        using var world = Built(manifest => manifest["files"]![3]!["path"] = path);
        AssertWrong(world, "manifest.json");
    }

    [Fact]
    public void What_an_operator_states_wrongly_and_signs_is_found()
    {
        AssertLie(manifest => manifest["read"] = 8, "accounting.json");
        AssertLie(manifest => manifest["admitted"] = 4, "accounting.json");
        AssertLie(manifest => manifest["files"]![0]!["rows"] = 4, "manifest.json"); // The sidecar has three.
        AssertLie(
            manifest =>
            {
                manifest["files"]![0]!["rows"] = 4;
                manifest["audit"]![0]!["rows"] = 4;
            },
            "shards/b000.parquet");
        AssertLie(manifest => manifest["audit"]!.AsArray().RemoveAt(1), "manifest.json");
        AssertLie(manifest => manifest["choices"]!["erased_to"] = 3L, "manifest.tlog-proof");
        AssertLie(
            manifest =>
            {
                manifest["choices"]!["ledger_size"] = 3L;
                manifest["choices"]!["erased_to"] = 3L;
            },
            "manifest.tlog-proof");
        AssertLie(
            manifest => manifest["choices"]!["erased_to"] = manifest["choices"]!["ledger_size"]!.GetValue<long>() - 1,
            "manifest.json");
        AssertLie(manifest => manifest["protect_until"] = "2025-12-31T00:00:00.000000Z", "manifest.json");
        AssertLie(manifest => manifest["policy"]!["text"] = "policy: other\n", "manifest.json");
        AssertLie(manifest => manifest["authors"]!["scope"] = "other", "manifest.json");
        AssertLie(manifest => manifest["authors"]!["size"] = 8, "authors/checkpoint");
        AssertLie(manifest => manifest["ledger"]!["origin"] = "other.example/aval", "manifest.json");
        AssertLie(manifest => manifest["files"]![0]!["bytes"] = -1, "manifest.json");
        AssertLie(manifest => manifest["files"]![0]!["bytes"] = 1.5, "manifest.json");
        AssertLie(manifest => manifest.Remove("basis"), null);
    }

    // Under a scope of the operator's choosing an account would have another place, and be absent from it.
    [Theory]
    [InlineData(CommittedWorld.Corpus)]
    [InlineData(CommittedWorld.Origin + "/")]
    [InlineData("")]
    public void A_tree_of_authors_whose_scope_is_not_the_ledgers_origin_is_refused_by_every_verifier(string scope)
    {
        using var world = new CommittedWorld();
        var choice = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build(manifest => manifest["authors"]!["scope"] = scope);
        AssertWrong(world, "manifest.json");
        var refused = Assert.Throws<ProofException>(() => world.Judge(choice));
        Assert.Contains(
            "where the ledger's origin should stand: ledger.example/aval", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"minor\": 1}, \"rej", "\"minor\": 2}, \"rej")]
    [InlineData("\"read\": 4, \"admitted\": 3", "\"read\": 5, \"admitted\": 4")]
    [InlineData("{\"rule\": \"age\", \"excluded\": 1", "{\"rule\": \"age\", \"excluded\": 2")]
    [InlineData(
        "{\"de\": {\"read\": 7, \"admitted\": 5, \"excluded\": {\"minor\": 1, \"objected\": 1}}}",
        "{\"de\": {\"read\": 7, \"admitted\": 5, \"excluded\": {\"minor\": 2}}}")]
    [InlineData("{\"de\"", "{\"de\": {\"read\": 1, \"admitted\": 1, \"excluded\": {}}, \"de\"")]
    [InlineData("\"objected\": 1, \"minor\": 1}, \"rej", "\"objected\": 3, \"minor\": -1}, \"rej")]
    public void An_accounting_that_does_not_close_is_found_even_when_it_is_signed(string from, string to)
    {
        using var world = new CommittedWorld();
        var lie = world.Accounting.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(world.Accounting, lie);
        world.Accounting = lie;
        world.Build();
        AssertWrong(world, "accounting.json");
    }

    [Theory]
    [InlineData("\"imports\":[]", "\"\\ud800\":[]")]
    [InlineData("\"imports\":[]", "\"imports\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]")]
    [InlineData("\"controller\":\"Example Ltd\"", "\"controller\":\"\\udc00\"")]
    [InlineData("\"controller\":\"Example Ltd\"", "\"controller\":7")]
    [InlineData("\"files\":[{", "\"files\":[1,{")]
    [InlineData("{\"format\"", "[{\"format\"")]
    public void A_manifest_that_is_signed_nonsense_is_refused_and_no_crash(string from, string to)
    {
        using var world = Built();
        var json = Encoding.UTF8.GetString(world.Manifest().Json);
        Assert.Contains(from, json, StringComparison.Ordinal);
        world.CommitBytes(
            Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal)),
            ManifestFacts.Parse(world.Manifest().Json).Name);
        try
        {
            ReleaseVerification.Verify(world.Release, world.Verifier);
            Assert.Contains("ud800", to, StringComparison.Ordinal); // A name that nobody reads is not looked at.
        }
        catch (ProofException found)
        {
            Assert.Contains("manifest.json", found.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_manifest_that_says_something_twice_is_refused()
    {
        using var world = Built();
        var json = Encoding.UTF8.GetString(world.Manifest().Json);
        var name = ManifestFacts.Parse(world.Manifest().Json).Name;
        world.CommitBytes(Encoding.UTF8.GetBytes(
            json.Replace("\"read\":7", "\"read\":7,\"read\":7", StringComparison.Ordinal)), name);
        AssertWrong(world, "twice");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "calendar")]
    private static extern ref Calendar CalendarOf(DateTimeFormatInfo format);

    [Fact]
    public void A_release_bears_the_same_name_where_another_calendar_is_used()
    {
        using var world = Built();
        var here = CultureInfo.CurrentCulture;
        var buddhist = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        // Built without tables of cultures, so that none has this calendar by itself.
        CalendarOf(buddhist.DateTimeFormat) = new ThaiBuddhistCalendar();
        CultureInfo.CurrentCulture = buddhist;
        try
        {
            Assert.StartsWith("2569", $"{CommittedWorld.AsOf:yyyy}", StringComparison.Ordinal);
            ReleaseVerification.Verify(world.Release, world.Verifier);
            Assert.Equal(
                ViolationFinding.PrimaFacie, world.Judge(new EntryIndex(0)).Finding);
        }
        finally
        {
            CultureInfo.CurrentCulture = here;
        }
    }

    [Fact]
    public void A_hostile_footer_is_refused_in_no_time()
    {
        using var world = Built();
        var whole = File.ReadAllBytes(world.In("shards/b000.parquet"));
        Assert.Equal(3, ParquetRows.Count(new MemoryStream(whole)));
        var length = BitConverter.ToInt32(whole, whole.Length - 8);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var random = new Random(1);
        for (var i = 0; i < 20000; i++)
        {
            var changed = (byte[])whole.Clone();
            for (var n = random.Next(1, 5); n > 0; n--)
                changed[whole.Length - 8 - length + random.Next(length + 8)] = (byte)random.Next(256);
            try
            {
                ParquetRows.Count(new MemoryStream(changed));
            }
            catch (ProofException)
            {
                // Refused, as it may be: nothing else may be thrown.
            }
        }

        // Lists in lists, the largest count that can be written, and footers of nothing.
        byte[][] footers = [[0x49, .. Enumerable.Repeat((byte)0x19, 100_000)], [
            0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01,
        ], [
            0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x11,
        ], [], [0], [0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]];
        foreach (var footer in footers)
            Assert.Throws<ProofException>(() => ParquetRows.Count(
                new MemoryStream([.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8])));
        Assert.Throws<ProofException>(() => ParquetRows.Count(
            new MemoryStream([.. "PAR1"u8, .. BitConverter.GetBytes(uint.MaxValue), .. "PAR1"u8])));
        Assert.Throws<ProofException>(() => ParquetRows.Count(new MemoryStream("PAR1"u8.ToArray())));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void The_rows_of_a_shard_of_many_row_groups_are_counted()
    {
        using var world = Built();
        world.WriteParquet("many.parquet", "SELECT i, [i, i] AS list, {'a': i} AS struct FROM range(300000) t(i)");
        using var file = File.OpenRead(world.In("many.parquet"));
        Assert.Equal(300000, ParquetRows.Count(file));
    }

    private static CommittedWorld Built(Action<JsonObject>? lie = null)
    {
        var world = new CommittedWorld();
        world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Choose(ChoiceKind.Consent, "facebook:2");
        world.Build(lie);
        return world;
    }

    private static void AssertLie(Action<JsonObject> lie, string? named)
    {
        using var world = Built(lie);
        if (named is not null)
            AssertWrong(world, named);
        else
            ReleaseVerification.Verify(world.Release, world.Verifier);
    }

    private static void AssertWrong(CommittedWorld world, string named)
    {
        var found = Assert.Throws<ProofException>(() => ReleaseVerification.Verify(world.Release, world.Verifier));
        Assert.Contains(named, found.Message, StringComparison.Ordinal);
    }
}
