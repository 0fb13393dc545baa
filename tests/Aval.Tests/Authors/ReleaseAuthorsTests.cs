using System.Security.Cryptography;
using Aval.Authors;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Tests.Authors;

/// <summary>Who is in a release: the tree, the sidecar, and the outputs that are kept.</summary>
public sealed class ReleaseAuthorsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(1_000_000, 18)]
    [InlineData(10_000_000, 22)]
    public void The_tree_has_two_to_four_authors_a_leaf(long authors, int bits) => Assert.Equal(bits, ReleaseAuthors.Bits(authors));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(300)]
    public void Every_author_is_shown_present_and_others_absent_in_a_release_of_any_size(int authors)
    {
        using var built = new BuiltRelease(authors);
        built.Build();
        Assert.Equal(authors, Sidecar(built).Select(row => row.Author).Distinct().Count());
        foreach (var number in Enumerable.Range(0, Math.Min(authors, 40)))
            Assert.Equal(AuthorVerdict.Present, Proved(built, BuiltRelease.Account(number)));
        foreach (var number in Enumerable.Range(authors, 20))
            Assert.Equal(AuthorVerdict.Absent, Proved(built, BuiltRelease.Account(number)));
    }

    [Fact]
    public void The_sidecar_says_of_each_row_whose_it_is_in_the_order_of_row_keys()
    {
        using var built = new BuiltRelease(50, itemsEach: 3);
        built.Build();
        var key = VrfKey.Read(built.Workspace.VrfKeyFile);
        using var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default);
        var lineage = Path.Combine(built.Workspace.Lineage, "test", built.Manifest.Release);
        foreach (var bucket in Enumerable.Range(0, built.Manifest.Buckets))
        {
            var name = $"b{bucket:D3}.parquet";
            var rows = engine.Query($"SELECT row_key::VARCHAR, account FROM read_parquet({Engine.Literal(Path.Combine(lineage, name))}) ORDER BY row_key", row => (Key: row.GetString(0), Account: row.GetString(1)));
            Assert.Equal(
                rows.Select(row => (row.Key, key.Output(AuthorTree.Alpha("test", row.Account)).ToHex())),
                engine.Query($"SELECT row_key::VARCHAR, lower(hex(author)) FROM read_parquet({Engine.Literal(Path.Combine(built.Directory, "authors", "audit", name))})", row => (row.GetString(0), row.GetString(1))));
        }
    }

    [Fact]
    public void Threads_never_show_and_a_second_build_takes_every_output_from_the_cache()
    {
        using var built = new BuiltRelease(2_000);
        built.Build(threads: 1);
        using var twin = built.Twin();
        twin.Keep(2_000, 2, "i");
        twin.Build(threads: 2);
        Assert.Equal(Bytes(built), Bytes(twin));

        Assert.Contains(built.Progress, progress => progress.Stage == "authors");
        built.Progress.Clear();
        built.Build(asOf: "2026-01-16T00:00:00Z");
        Assert.DoesNotContain(built.Progress, progress => progress.Stage == "authors");
        Assert.Equal(AuthorVerdict.Present, Proved(built, BuiltRelease.Account(7)));
    }

    [Fact]
    public void Outputs_of_another_key_or_with_a_changed_bit_or_of_no_Parquet_at_all_are_made_again()
    {
        using var built = new BuiltRelease(30);
        built.Build();
        var good = File.ReadAllBytes(Cache(built));
        var damage = new Action[]
        {
            () => Flip(Cache(built), good.Length / 2),
            () => Overwrite(Cache(built), "no Parquet"u8.ToArray()),
            () => File.Delete(Cache(built)),
            () => File.Delete(Path.Combine(Path.GetDirectoryName(Cache(built))!, AuthorOutputs.SumName)),
            () => Foreign(built),
        };
        for (var day = 0; day < damage.Length; day++)
        {
            damage[day]();
            built.Build(asOf: $"2026-02-{day + 1:D2}T00:00:00Z");
            Assert.Equal(good, File.ReadAllBytes(Cache(built)));
            Assert.Equal(AuthorVerdict.Present, Proved(built, BuiltRelease.Account(3)));
        }
    }

    [Fact]
    public void A_build_that_was_killed_goes_on_with_the_parts_that_it_had_finished()
    {
        using var folder = new TemporaryFolder();
        var key = VrfKey.Generate();
        var (lineage, parts) = (folder.File("lineage"), folder.File("parts"));
        Directory.CreateDirectory(lineage);
        using var engine = Engine.Open(folder.File("tmp"), new EngineLimits(2, 500_000_000));
        engine.Execute($"COPY (SELECT 'facebook:' || n AS account FROM range(300) t(n)) TO {Engine.Literal(folder.File("some.parquet"))} (FORMAT parquet)");
        engine.Execute($"COPY (SELECT 'facebook:' || n AS account FROM range(400) t(n)) TO {Engine.Literal(folder.File("all.parquet"))} (FORMAT parquet)");
        var outputs = new AuthorOutputs(lineage, parts, key, BuiltRelease.Corpus);

        // What a kill between the last part and the merge leaves: a good part, a torn one, one without its name.
        outputs.Bring(engine, folder.File("some.parquet"), 2, (_, _) => { });
        Directory.CreateDirectory(parts);
        var whole = File.ReadAllBytes(Path.Combine(lineage, AuthorOutputs.FileName));
        Overwrite(Path.Combine(parts, Convert.ToHexStringLower(SHA256.HashData(whole)) + ".parquet"), whole);
        Overwrite(Path.Combine(parts, new string('0', 64) + ".parquet"), whole[..100]);
        Overwrite(Path.Combine(parts, "unnamed"), whole[..50]);
        File.Delete(Path.Combine(lineage, AuthorOutputs.SumName));

        var asked = new List<long>();
        var file = outputs.Bring(engine, folder.File("all.parquet"), 1, (_, total) => asked.Add(total));
        Assert.Equal(400, engine.Scalar<long>($"SELECT count(DISTINCT account) FROM read_parquet({Engine.Literal(file)})"));
        Assert.Equal(400, engine.Scalar<long>($"SELECT count(*) FROM read_parquet({Engine.Literal(file)})"));
        Assert.False(Directory.Exists(parts));
        Assert.All(asked, total => Assert.Equal(100, total));
    }

    [Fact]
    public void Who_has_left_the_corpus_is_gone_from_the_cache_too()
    {
        using var folder = new TemporaryFolder();
        var lineage = folder.File("lineage");
        Directory.CreateDirectory(lineage);
        using var engine = Engine.Open(folder.File("tmp"), new EngineLimits(2, 500_000_000));
        var outputs = new AuthorOutputs(lineage, folder.File("parts"), VrfKey.Generate(), BuiltRelease.Corpus);
        foreach (var (first, end, made) in new[] { (0, 20, 20L), (5, 25, 5L), (5, 15, 0L), (5, 15, 0L) })
        {
            engine.Execute($"COPY (SELECT 'facebook:' || n AS account FROM range({first}, {end}) t(n)) TO {Engine.Literal(folder.File("accounts.parquet"))} (FORMAT parquet)");
            var asked = 0L;
            var file = outputs.Bring(engine, folder.File("accounts.parquet"), 2, (_, total) => asked = total);
            Assert.Equal(
                Enumerable.Range(first, end - first).Select(n => $"facebook:{n}").Order(StringComparer.Ordinal),
                engine.Query($"SELECT account FROM read_parquet({Engine.Literal(file)}) ORDER BY account", row => row.GetString(0)));
            Assert.True(asked == 0 || asked == made, $"{asked} outputs were made, and {made} were new.");
        }
    }

    [Fact]
    public void A_build_without_its_key_says_so_and_builds_nothing()
    {
        using var built = new BuiltRelease(3);
        File.Delete(built.Workspace.VrfKeyFile);
        Assert.Contains("vrf.key", Assert.Throws<AvalException>(() => built.Build()).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(built.Workspace.Corpus, "test")));
    }

    [Fact]
    public void The_manifest_says_what_it_was_told()
    {
        using var built = new BuiltRelease(9);
        var told = built.Build().Manifest;
        Assert.True(told.SaysTheSameAs(built.Manifest));
        Assert.Equal(("train-generative-ai", "legitimate-interest", built.Workspace.Settings.Origin), (built.Manifest.Purpose, built.Manifest.Basis, built.Manifest.LedgerOrigin));
        Assert.Equal($"{built.Workspace.Settings.Origin}/releases/test/{told.Release}/authors", built.Manifest.Authors.Origin);
        Assert.Equal(new TreeSize(4), built.Manifest.Authors.Size);
        Assert.Equal("test", built.Manifest.Authors.Scope);
        Assert.Equal(Enumerable.Range(0, told.Buckets).Select(bucket => $"authors/audit/b{bucket:D3}.parquet"), built.Manifest.Audit.Select(file => file.Path));
    }

    internal static AuthorVerdict Proved(BuiltRelease built, string account) =>
        AuthorProof.Parse(AuthorProofs.Make(built.Workspace, built.Directory, Account.Parse(account)).Proof.ToFile())
            .Verify(built.Manifest.Authors, account, SigningKey.Read(built.Workspace.SigningKeyFile).Verifier);

    private static string Cache(BuiltRelease built) => Path.Combine(built.Workspace.Lineage, "test", AuthorOutputs.FileName);

    // A file that is whole and says what it is, but its outputs are of another key.
    private static void Foreign(BuiltRelease built)
    {
        using var other = new BuiltRelease(30);
        other.Build();
        foreach (var name in new[] { AuthorOutputs.FileName, AuthorOutputs.SumName })
            File.Copy(Path.Combine(Path.GetDirectoryName(Cache(other))!, name), Path.Combine(Path.GetDirectoryName(Cache(built))!, name), overwrite: true);
    }

    private static List<(string Key, string Author)> Sidecar(BuiltRelease built)
    {
        using var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default);
        return engine.Query($"SELECT row_key::VARCHAR, hex(author) FROM read_parquet({Engine.Literal(Path.Combine(built.Directory, "authors", "audit", "*.parquet"))})", row => (row.GetString(0), row.GetString(1)));
    }

    private static SortedDictionary<string, string> Bytes(BuiltRelease built)
    {
        var roots = new[] { built.Directory, Path.Combine(built.Workspace.Lineage, "test") };
        return new(roots.SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != Manifest.FileName)
            .Select(file => (Path.GetRelativePath(root, file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))))).ToDictionary(), StringComparer.Ordinal);
    }

    private static void Overwrite(string path, byte[] content)
    {
        using var stream = File.Create(path);
        stream.Write(content);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        Overwrite(path, bytes);
    }
}
