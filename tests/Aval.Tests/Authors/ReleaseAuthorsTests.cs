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
    public void The_tree_has_two_to_four_authors_a_leaf(long authors, int bits) =>
        Assert.Equal(bits, ReleaseAuthors.Bits(authors));

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
            var rows = engine.Query(
                $"SELECT row_key::VARCHAR, account FROM read_parquet({Engine.Literal(Path.Combine(lineage, name))}) "
                    + "ORDER BY row_key",
                row => (Key: row.GetString(0), Account: row.GetString(1)));
            Assert.Equal(
                rows.Select(row =>
                    (row.Key, key.Output(AuthorTree.Alpha(built.Workspace.Settings.Origin, row.Account)).ToHex())),
                engine.Query(
                    "SELECT row_key::VARCHAR, lower(hex(author)) "
                        + "FROM read_parquet("
                        + $"{Engine.Literal(Path.Combine(built.Directory, "authors", "audit", name))})",
                    row => (row.GetString(0), row.GetString(1))));
        }
    }

    [Fact]
    public void Threads_never_show_and_a_second_build_takes_every_output_from_the_cache()
    {
        using var built = new BuiltRelease(2_000);
        built.Build(threads: 1);
        using var twin = built.Twin();
        twin.Keep(2_000, 2, "i");
        twin.Build(threads: 4);
        Assert.Equal(Bytes(built), Bytes(twin));

        Assert.Contains(built.Progress, progress => progress.Stage == "authors");
        built.Progress.Clear();
        built.Build(asOf: "2026-01-16T00:00:00Z");
        Assert.DoesNotContain(built.Progress, progress => progress.Stage == "authors");
        Assert.Equal(AuthorVerdict.Present, Proved(built, BuiltRelease.Account(7)));
    }

    [Fact]
    public void An_account_has_one_output_in_all_releases_of_all_corpora_and_it_is_made_once()
    {
        using var built = new BuiltRelease(20);
        built.Build();
        var first = Sidecar(built).Select(row => row.Author).Distinct().Order(StringComparer.Ordinal);
        built.Progress.Clear();
        built.Build(corpus: "other");
        Assert.Equal(first, Sidecar(built).Select(row => row.Author).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(built.Progress, progress => progress.Stage == "authors");
        Assert.Equal(AuthorVerdict.Present, Proved(built, BuiltRelease.Account(7)));
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
        Assert.Equal(
            ("train-generative-ai", "legitimate-interest", built.Workspace.Settings.Origin),
            (built.Manifest.Purpose, built.Manifest.Basis, built.Manifest.LedgerOrigin));
        Assert.Equal(
            $"{built.Workspace.Settings.Origin}/releases/test/{told.Release}/authors", built.Manifest.Authors.Origin);
        Assert.Equal(new TreeSize(4), built.Manifest.Authors.Size);
        Assert.Equal(built.Workspace.Settings.Origin, built.Manifest.Authors.Scope);
        Assert.Equal(
            Enumerable.Range(0, told.Buckets).Select(bucket => $"authors/audit/b{bucket:D3}.parquet"),
            built.Manifest.Audit.Select(file => file.Path));
    }

    internal static AuthorVerdict Proved(BuiltRelease built, string account) =>
        AuthorProof.Parse(AuthorProofs.Make(built.Workspace, built.Directory, Account.Parse(account)).Proof.ToFile())
            .Verify(built.Manifest.Authors, account, SigningKey.Read(built.Workspace.SigningKeyFile).Verifier);

    private static List<(string Key, string Author)> Sidecar(BuiltRelease built)
    {
        using var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default);
        return engine.Query(
            "SELECT row_key::VARCHAR, hex(author) "
                + "FROM read_parquet("
                + $"{Engine.Literal(Path.Combine(built.Directory, "authors", "audit", "*.parquet"))})",
            row => (row.GetString(0), row.GetString(1)));
    }

    private static SortedDictionary<string, string> Bytes(BuiltRelease built)
    {
        var roots = new[] { built.Directory, Path.Combine(built.Workspace.Lineage, "test") };
        return new(roots
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            // What the next build goes on from names the log of imports, whose lines say when each was made.
            .Where(file => Path.GetFileName(file) is not (Manifest.FileName or "parts.json"))
                .Select(file => (Path.GetRelativePath(root, file),
                    Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))))
            .ToDictionary(), StringComparer.Ordinal);
    }
}
