using Aval.Authors;
using Aval.Storage;

namespace Aval.Tests.Authors;

/// <summary>The outputs that are kept: each is made once, who left is gone, and nothing damaged is believed.</summary>
public sealed class AuthorOutputsTests
{
    private const string Scope = "ledger.example/aval";

    [Fact]
    public void A_bucket_that_was_finished_before_a_kill_is_not_made_again_and_a_torn_one_is_none()
    {
        using var cache = new Kept();
        Assert.Equal(30, cache.Bring("test", 0, 3, 90));
        Assert.Equal(30, cache.Bring("test", 1, 3, 90));
        // Killed while bucket 1 was renamed without its seal, and bucket 2 was being written.
        var whole = File.ReadAllBytes(cache.File("test", 3, 0));
        var torn = File.ReadAllBytes(cache.File("test", 3, 1));
        Write(cache.File("test", 3, 1), torn[..(torn.Length / 2)]);
        Write(cache.File("test", 3, 2) + ".new", torn[..100]);

        Assert.Equal(0, cache.Bring("test", 0, 3, 90));
        Assert.Equal(30, cache.Bring("test", 1, 3, 90));
        Assert.Equal(30, cache.Bring("test", 2, 3, 90));
        Assert.Equal(whole, File.ReadAllBytes(cache.File("test", 3, 0)));
        Assert.Equal(torn, File.ReadAllBytes(cache.File("test", 3, 1)));
        cache.RequireRight("test", 3, 90);
    }

    [Fact]
    public void Whoever_left_the_corpus_is_gone_from_its_cache_and_whoever_came_is_all_that_is_made()
    {
        using var cache = new Kept();
        foreach (var (accounts, made) in new[] { (60, 20), (90, 10), (45, 0), (45, 0), (0, 0), (3, 1) })
        {
            for (var bucket = 0; bucket < 3; bucket++)
                Assert.Equal(made, cache.Bring("test", bucket, 3, accounts));
            cache.RequireRight("test", 3, accounts);
        }
    }

    [Fact]
    public void What_another_corpus_has_is_not_made_again_and_what_it_lets_go_of_stays_here()
    {
        using var cache = new Kept();
        Assert.Equal(20, cache.Bring("first", 1, 2, 40));
        Assert.Equal(5, cache.Bring("second", 1, 2, 50));
        Assert.Equal(0, cache.Bring("first", 1, 2, 10));
        Assert.Equal((5, 25), (cache.Accounts("first", 2, 1).Count, cache.Accounts("second", 2, 1).Count));
        Assert.Equal(0, cache.Bring("third", 1, 2, 50));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(4, 2)]
    [InlineData(4, 6)]
    public void A_workspace_with_another_number_of_buckets_finds_its_outputs_again(int before, int after)
    {
        using var cache = new Kept();
        for (var bucket = 0; bucket < before; bucket++)
            cache.Bring("test", bucket, before, 48);
        for (var bucket = 0; bucket < after; bucket++)
            Assert.Equal(0, cache.Bring("test", bucket, after, 48));
        cache.Outputs("test", after).Tidy();
        cache.RequireRight("test", after, 48);
        Assert.False(Directory.Exists(Path.GetDirectoryName(cache.File("test", before, 0))));
    }

    [Fact]
    public void A_changed_bit_a_missing_seal_or_no_Parquet_at_all_is_never_believed()
    {
        using var cache = new Kept();
        cache.Bring("test", 0, 1, 30);
        var (file, seal) = (cache.File("test", 1, 0), Path.ChangeExtension(cache.File("test", 1, 0), ".seal"));
        var good = File.ReadAllBytes(file);
        foreach (var damage in new Action[]
        {
            () => Write(file, [.. good[..200], (byte)(good[200] ^ 1), .. good[201..]]),
            () => Write(file, "no Parquet"u8.ToArray()),
            () => File.Delete(file),
            () => File.Delete(seal),
            () => Write(seal, "0000\n"u8.ToArray()),
        })
        {
            damage();
            Assert.Equal(30, cache.Bring("test", 0, 1, 30));
            Assert.Equal(good, File.ReadAllBytes(file));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Outputs_of_another_key_or_of_another_scope_are_never_believed(bool otherKey)
    {
        using var cache = new Kept();
        using var other = new Kept(otherKey ? VrfKey.Generate() : cache.Key, otherKey ? Scope : "other.example/aval");
        other.Bring("test", 0, 1, 30);
        cache.Bring("test", 0, 1, 30);
        foreach (var name in new[] { "b000.parquet", "b000.seal" })
        {
            string In(Kept kept) => Path.Combine(Path.GetDirectoryName(kept.File("test", 1, 0))!, name);
            File.Copy(In(other), In(cache), overwrite: true);
        }

        Assert.Equal(30, cache.Bring("test", 0, 1, 30));
        cache.RequireRight("test", 1, 30);
    }

    [Fact]
    public void The_cache_is_its_owners_alone_and_nothing_else_stays_in_it()
    {
        using var cache = new Kept();
        cache.Bring("test", 0, 1, 30);
        var folder = Path.GetDirectoryName(cache.File("test", 1, 0))!;
        Write(Path.Combine(folder, "b001.parquet"), [1]);
        Write(Path.Combine(folder, "b000.parquet.new"), [1]);
        cache.Outputs("test", 1).Tidy();
        Assert.Equal(
            ["b000.parquet", "b000.seal"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(
            Directory.GetFileSystemEntries(cache.Lineages, "*", SearchOption.AllDirectories),
            path => Assert.False(FileModes.IsOpenToOthers(path), path));
    }

    [Fact]
    public void Several_threads_bring_several_buckets_to_the_same_bytes()
    {
        using var cache = new Kept();
        using var alone = new Kept(cache.Key, Scope);
        using var engine = cache.Open();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, engine.Fork, (bucket, _, own) =>
        {
            cache.Outputs("test", 8).Bring(own, bucket, [cache.Rows(own, bucket, 8, 800)], 2, (_, _) => { });
            return own;
        }, own => own.Dispose());
        for (var bucket = 0; bucket < 8; bucket++)
        {
            alone.Bring("test", bucket, 8, 800);
            byte[] Bytes(Kept kept) => File.ReadAllBytes(kept.File("test", 8, bucket));
            Assert.Equal(Bytes(alone), Bytes(cache));
        }

        cache.RequireRight("test", 8, 800);
    }

    private static void Write(string path, byte[] content)
    {
        using var stream = File.Create(path);
        stream.Write(content);
    }

    /// <summary>A lineage; account n falls into bucket n mod B, as if that were its hash.</summary>
    private sealed class Kept(VrfKey key, string scope) : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Kept()
            : this(VrfKey.Generate(), Scope)
        {
        }

        public VrfKey Key => key;

        public string Lineages => _folder.File("lineage");

        public AuthorOutputs Outputs(string corpus, int buckets) =>
            new(Lineages, CorpusName.Parse(corpus), buckets, key, scope);

        public Engine Open() => Engine.Open(_folder.File("tmp"), new EngineLimits(1, 500_000_000));

        /// <summary>How many outputs were made for a bucket of the accounts below a number.</summary>
        public long Bring(string corpus, int bucket, int buckets, int accounts)
        {
            using var engine = Open();
            var made = 0L;
            var file = Outputs(corpus, buckets).Bring(
                engine, bucket, [Rows(engine, bucket, buckets, accounts)], 1,
                (done, total) => made = done == total ? total : -1);
            Assert.Equal(File(corpus, buckets, bucket), file);
            return made;
        }

        public string Rows(Engine engine, int bucket, int buckets, int accounts)
        {
            var path = _folder.File($"rows-{bucket}.parquet");
            engine.Execute($"""
                COPY (SELECT 'facebook:' || n AS account
                    FROM range({accounts}) t(n), range(2) WHERE n % {buckets} = {bucket})
                TO {Engine.Literal(path)} (FORMAT parquet)
                """);
            return path;
        }

        public string File(string corpus, int buckets, int bucket) =>
            Path.Combine(Lineages, corpus, "authors", $"{buckets}", $"b{bucket:D3}.parquet");

        public List<(string Account, string Output)> Accounts(string corpus, int buckets, int bucket)
        {
            using var engine = Open();
            var file = Engine.Literal(File(corpus, buckets, bucket));
            return engine.Query(
                $"SELECT account, lower(hex(output)) FROM read_parquet({file})",
                row => (row.GetString(0), row.GetString(1)));
        }

        public void RequireRight(string corpus, int buckets, int accounts)
        {
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                var here = Enumerable.Range(0, accounts).Where(n => n % buckets == bucket);
                Assert.Equal(
                    here.Select(n => $"facebook:{n}").Order(StringComparer.Ordinal)
                        .Select(account => (account, key.Output(AuthorTree.Alpha(scope, account)).ToHex())),
                    Accounts(corpus, buckets, bucket));
            }
        }

        public void Dispose() => _folder.Dispose();
    }
}
