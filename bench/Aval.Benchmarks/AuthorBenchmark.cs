using System.Diagnostics;
using System.Globalization;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Founding;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Benchmarks;

/// <summary>What it costs to commit to the authors of a release, and to show one of them present or absent (docs/formats/authors.md).</summary>
internal static class AuthorBenchmark
{
    private const int Proofs = 200;
    private const int Buckets = 16;

    public static void Run(long authors, int threads, string folder)
    {
        var work = Path.Combine(folder, "authors");
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        var workspace = NewWorkspace.Create(work, Settings.Default with { Buckets = Buckets });
        var corpus = CorpusName.Parse("bench");
        var (key, signer) = (VrfKey.Read(workspace.VrfKeyFile), SigningKey.Read(workspace.SigningKeyFile));
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default with { Threads = threads }, workspace.ReadKey());

        Line($"{authors} authors, {threads} threads, two rows each");
        ReleaseAuthors? made = null;
        foreach (var name in new[] { "first build of the corpus", "built again, outputs cached" })
        {
            using var build = BuildFolder.Begin(workspace, corpus);
            var lineage = Lineage(engine, build.Lineage, authors);
            var (watch, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var outputs = new AuthorOutputs(workspace.Lineage, corpus, Buckets, key, workspace.Settings.Origin);
            made = ReleaseAuthors.Write(engine, build.Authors, build.Lineage, outputs, key, lineage, threads, (_, _) => { });
            var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
            Line($"{name}: {watch.Elapsed.TotalSeconds:F2} s, {used.TotalSeconds:F2} s of processors, {used.TotalMilliseconds / authors:F3} ms an author");
            if (name.StartsWith("built", StringComparison.Ordinal))
                Prove(made, build.Authors, key, signer, corpus, authors);
        }

        var cache = new DirectoryInfo(Path.Combine(workspace.Lineage, corpus.Text, AuthorOutputs.Directory));
        var kept = cache.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1_000_000.0;
        Line($"peak of resident memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000} MB, cache {kept:F1} MB");
        Directory.Delete(work, recursive: true);
    }

    // Half of them about authors of the release, half about nobody in it; reading the tiles is part of making one.
    private static void Prove(ReleaseAuthors made, string directory, VrfKey key, SigningKey signer, CorpusName corpus, long authors)
    {
        var tree = made.Sign(directory, signer, signer.Verifier.Name, corpus, "20260115T000000Z-0123456789ab");
        var note = File.ReadAllBytes(Path.Combine(directory, ReleaseAuthors.CheckpointName));
        var (making, checking, sizes) = (new List<double>(), new List<double>(), new List<int>());
        for (var number = 0; number < Proofs; number++)
        {
            var account = string.Create(CultureInfo.InvariantCulture, $"facebook:{(number % 2 == 0 ? number * authors / Proofs : authors + number)}");
            var watch = Stopwatch.StartNew();
            var pi = key.Prove(AuthorTree.Alpha(tree.Scope, account));
            var place = tree.PlaceOf(key.Public.Verify(AuthorTree.Alpha(tree.Scope, account), pi));
            var reader = new TileReader(directory, tree.Size);
            var file = new AuthorProof(reader.Entry(place), new InclusionProof(place, reader.Inclusion(place), note, pi)).ToFile();
            making.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            var verdict = AuthorProof.Parse(file).Verify(tree, account, signer.Verifier);
            checking.Add(watch.Elapsed.TotalMilliseconds);
            sizes.Add(file.Length);
            if (verdict != (number % 2 == 0 ? AuthorVerdict.Present : AuthorVerdict.Absent))
                throw new InvalidOperationException($"{account} was shown {verdict}.");
        }

        Line($"proof: made in {Median(making):F2} ms (p99 {High(making):F2}), checked in {Median(checking):F2} ms (p99 {High(checking):F2}), {sizes.Average():F0} bytes (most {sizes.Max()})");
    }

    private static IReadOnlyList<ManifestFile> Lineage(Engine engine, string folder, long authors)
    {
        ContentFunctions.Provide(engine);
        RowKeys.Provide(engine);
        return [.. Enumerable.Range(0, Buckets).Select(bucket =>
        {
            var path = Path.Combine(folder, $"b{bucket:D3}.parquet");
            engine.Execute($"""
                COPY (
                    SELECT row_key('facebook', item) AS row_key, 'facebook' AS service, item AS item_id, account
                    FROM (SELECT 'facebook:' || a AS account, 'i' || a || '-' || n AS item FROM range({authors}) t(a), range(2) u(n))
                    WHERE bucket_of(account, {Buckets}) = {bucket} ORDER BY row_key)
                TO {Engine.Literal(path)} (FORMAT parquet)
                """);
            var rows = engine.Scalar<long>($"SELECT count(*) FROM read_parquet({Engine.Literal(path)})");
            return new ManifestFile(Path.GetFileName(path), "", 0, rows);
        })];
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double High(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
