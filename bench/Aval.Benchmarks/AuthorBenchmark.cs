using System.Diagnostics;
using System.Globalization;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Founding;
using Aval.Leases;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Benchmarks;

/// <summary>
/// What it costs to commit to the authors of a release, and to show one of them present or absent
/// (docs/formats/authors.md).
/// </summary>
internal static class AuthorBenchmark
{
    private const int Proofs = 200;
    private const int Buckets = 16;
    private const int Turns = 5;
    private const long SlowOutputs = 20_000;

    public static void Run(long authors, int threads, string folder)
    {
        var work = Path.Combine(folder, "authors");
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        var workspace = NewWorkspace.Create(work, Settings.Default with { Buckets = Buckets });
        var (key, signer) = (VrfKey.Read(workspace.VrfKeyFile), SigningKey.Read(workspace.SigningKeyFile));
        Line($"{authors} authors, {threads} threads; two rows each in {Buckets} buckets.");
        Line($"");
        Compare(key, authors, threads, workspace.Settings.Origin);
        Line($"");
        Release(workspace, key, signer, authors, threads);
        Directory.Delete(work, recursive: true);
    }

    // In turns, so that whatever else the machine does falls on both; the slow one makes fewer: what counts is rates.
    private static void Compare(VrfKey key, long outputs, int threads, string scope)
    {
        if (OpenSslCurve.Mine is null)
        {
            Line($"There is no libcrypto here: BouncyCastle makes all outputs, and there is nothing to compare.");
            return;
        }

        var (fast, slow) = (new Making(key.Output), new Making(key.SlowOutput));
        var few = Math.Min(outputs, SlowOutputs);
        // What is compiled and laid out at first use is in neither figure.
        new Making(key.SlowOutput).Make(scope, 0, Turns, threads);
        new Making(key.Output).Make(scope, 0, Turns, threads);
        for (var turn = 0; turn < Turns; turn++)
        {
            fast.Make(scope, outputs * turn / Turns, outputs * (turn + 1) / Turns, threads);
            slow.Make(scope, few * turn / Turns, few * (turn + 1) / Turns, threads);
        }

        Line($"| outputs by | made | seconds | processor seconds | outputs/s | ms of a processor an output |");
        Line($"| --- | ---: | ---: | ---: | ---: | ---: |");
        fast.Print("libcrypto", outputs);
        slow.Print("BouncyCastle", few);
        Line($"");
        var wall = slow.Elapsed / few / (fast.Elapsed / outputs);
        var used = slow.Processor / few / (fast.Processor / outputs);
        Line($"libcrypto makes {wall:F1} × the outputs a second, and {used:F1} × those of a processor second.");
    }

    private static void Release(Workspace workspace, VrfKey key, SigningKey signer, long authors, int threads)
    {
        var corpus = CorpusName.Parse("bench");
        var limits = EngineLimits.Default with { Threads = threads };
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        var outputs = new AuthorOutputs(workspace.Lineage, corpus, Buckets, key, workspace.Settings.Origin);
        Line($"| outputs, sidecar and tree | seconds | processor seconds | µs of a processor an author |");
        Line($"| --- | ---: | ---: | ---: |");
        foreach (var name in new[] { "first build, every output made", "built again, no output made" })
        {
            using var build = BuildFolder.Begin(
                workspace, new Lease(corpus.Text, "bench", "", "", "", ProcessIdentity.Own));
            var lineage = Lineage(engine, build.Lineage, authors);
            var (watch, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var made = ReleaseAuthors.Write(
                engine, outputs, lineage, build.Authors, build.Working, threads, (_, _) => { });
            var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
            var each = used.TotalMicroseconds / authors;
            Line($"| {name} | {watch.Elapsed.TotalSeconds:F2} | {used.TotalSeconds:F2} | {each:F1} |");
            if (name.StartsWith("built", StringComparison.Ordinal))
                Prove(made, build.Authors, key, signer, corpus, authors);
        }

        var cache = new DirectoryInfo(Path.Combine(workspace.Lineage, corpus.Text, AuthorOutputs.Directory));
        var kept = cache.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1_000_000.0;
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000;
        Line($"Peak of resident memory {peak} MB, cache {kept:F1} MB.");
    }

    private sealed class Making(Making.Way way)
    {
        public delegate Hash Way(ReadOnlySpan<byte> alpha);

        public TimeSpan Elapsed { get; private set; }

        public TimeSpan Processor { get; private set; }

        public void Make(string scope, long first, long end, int threads)
        {
            var (watch, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            Parallel.For(first, end, new ParallelOptions { MaxDegreeOfParallelism = threads }, number =>
                way(AuthorTree.Alpha(scope, string.Create(CultureInfo.InvariantCulture, $"facebook:{number}"))));
            Elapsed += watch.Elapsed;
            Processor += Process.GetCurrentProcess().TotalProcessorTime - processor;
        }

        public void Print(string name, long made)
        {
            var (rate, each) = (made / Elapsed.TotalSeconds, Processor.TotalMilliseconds / made);
            var (wall, used) = (Elapsed.TotalSeconds, Processor.TotalSeconds);
            Line($"| {name} | {made} | {wall:F2} | {used:F2} | {rate:F0} | {each:F3} |");
        }
    }

    // Half of them about authors of the release, half about nobody in it; reading the tiles is part of making one.
    private static void Prove(
        ReleaseAuthors made, string directory, VrfKey key, SigningKey signer, CorpusName corpus, long authors)
    {
        var tree = made.Sign(directory, signer, signer.Verifier.Name, corpus, "20260115T000000Z-0123456789ab");
        var note = File.ReadAllBytes(Path.Combine(directory, ReleaseAuthors.CheckpointName));
        var (making, checking, sizes) = (new List<double>(), new List<double>(), new List<int>());
        for (var number = 0; number < Proofs; number++)
        {
            var account = string.Create(
                CultureInfo.InvariantCulture,
                $"facebook:{(number % 2 == 0 ? number * authors / Proofs : authors + number)}");
            var watch = Stopwatch.StartNew();
            var pi = key.Prove(AuthorTree.Alpha(tree.Scope, account));
            var place = tree.PlaceOf(key.Public.Verify(AuthorTree.Alpha(tree.Scope, account), pi));
            var reader = new TileReader(directory, tree.Size);
            var file = new AuthorProof(
                reader.Entry(place), new InclusionProof(place, reader.Inclusion(place), note, pi))
                .ToFile();
            making.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            var verdict = AuthorProof.Parse(file).Verify(tree, account, signer.Verifier);
            checking.Add(watch.Elapsed.TotalMilliseconds);
            sizes.Add(file.Length);
            if (verdict != (number % 2 == 0 ? AuthorVerdict.Present : AuthorVerdict.Absent))
                throw new InvalidOperationException($"{account} was shown {verdict}.");
        }

        Line($"");
        Line($"| proof | median ms | p99 ms |");
        Line($"| --- | ---: | ---: |");
        Line($"| made | {Median(making):F2} | {High(making):F2} |");
        Line($"| checked | {Median(checking):F2} | {High(checking):F2} |");
        Line($"");
        Line($"A proof has {sizes.Average():F0} bytes, the largest {sizes.Max()}.");
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
                    FROM (SELECT 'facebook:' || a AS account, 'i' || a || '-' || n AS item
                        FROM range({authors}) t(a), range(2) u(n))
                    WHERE bucket_of(account, {Buckets}) = {bucket} ORDER BY row_key)
                TO {Engine.Literal(path)} (FORMAT parquet)
                """);
            var rows = engine.Scalar<long>($"SELECT count(*) FROM read_parquet({Engine.Literal(path)})");
            return new ManifestFile(path, "", 0, rows);
        })];
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double High(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
