using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Authors;
using Aval.Decisions;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Copies;

namespace Aval.Building;

/// <summary>
/// <em>sketch</em>, where a policy compares what items say: a part a bucket decides its items, as <see
/// cref="AdmitStage"/> takes them over, and leaves a sketch of each that is admitted and of each that casts a shadow. A
/// sketch is numbers, and no text: what was excluded is written nowhere outside the content.
/// </summary>
internal static class SketchStage
{
    /// <summary>Where sketches lie below a build's working folder.</summary>
    public const string FolderName = "sketches";

    private const string PlacedName = "placed.parquet", GoneName = "gone.parquet";

    // The parts of what lies by no bucket, and of what items said that are gone: what they say now lies by bucket.
    private const int Placed = -1, Gone = -2;

    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Makes the sketches of all buckets that are not there yet, several at a time.</summary>
    /// <param name="engine">Any engine of this workspace; its limits are shared.</param>
    /// <param name="working">The build's working folder, with the plan's files.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="decisions">The decisions that are carried out.</param>
    /// <param name="rules">What the policy compares.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    /// <param name="workers">How many at a time.</param>
    /// <param name="kept">Where lies what was kept of the corpus's last release: sketches that were made from the very
    /// same are taken over from there.</param>
    /// <param name="watch">Told how much is done.</param>
    public static void Run(
        Engine engine, string working, BuildPlan plan, ItemDecisions decisions, MatchRules rules, byte[] seal,
        int workers, string kept, Action<double> watch)
    {
        CopyFunctions.Provide(engine);
        Treatments.Provide(engine, plan.Policy);
        FileModes.MakePrivateFolder(Path.Combine(working, FolderName));
        var planned = plan.Parts.Where(part => part.HasRows).ToArray();
        var isThere = new bool[planned.Length];
        // What is believed is read whole, and of all buckets that is as much as their content.
        SideBySide.Each(planned.Length, workers, at => isThere[at] =
            IsFinished(working, planned[at], rules, seal) || TakeOver(kept, working, planned[at], rules, seal));
        var missing = planned.Where((_, at) => !isThere[at]).ToArray();
        var next = new ConcurrentQueue<PartBatch>(PartBatch.Of(missing, workers));
        if (next.IsEmpty)
            return;
        engine.Execute("SET threads = 1");
        var done = 0;
        var failures = new ConcurrentQueue<Exception>();
        void Work()
        {
            try
            {
                using var own = engine.Fork();
                while (failures.IsEmpty && next.TryDequeue(out var batch))
                {
                    Make(own, working, plan, decisions, rules, batch, seal);
                    watch((double)Interlocked.Add(ref done, batch.Parts.Count) / missing.Length);
                }
            }
            catch (Exception failure) when (failure is DuckDB.NET.Data.DuckDBException or IOException
                or UnauthorizedAccessException or AvalException)
            {
                failures.Enqueue(failure); // Rethrown below, on the thread that asked.
            }
        }

        var threads = Enumerable.Range(0, Math.Min(workers, next.Count))
            .Select(_ => new Thread(Work) { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>The files of a bucket's sketches below a folder, the one that makes them believed last.</summary>
    public static IEnumerable<string> FilesOf(string folder, int bucket) =>
    [
        FileOf(folder, bucket), NumbersOf(FileOf(folder, bucket)), DecidedOf(folder, bucket), SealOf(folder, bucket),
    ];

    private static bool TakeOver(string kept, string working, PlannedPart part, MatchRules rules, byte[] seal)
    {
        if (!IsFinished(kept, part, rules, seal))
            return false;
        FileModes.MakePrivateFolder(Path.GetDirectoryName(DecidedOf(working, part.Bucket))!);
        foreach (var (from, to) in FilesOf(kept, part.Bucket).Zip(FilesOf(working, part.Bucket)))
            Durable.LinkOrCopy(from, to);
        return true;
    }

    /// <summary>Sketches content that was left in place, when it is decided.</summary>
    public static void OfPlaced(Engine engine, string working, ItemDecisions decisions, MatchRules rules)
    {
        var decided = decisions.Over(decisions.From("placed_items"), Sketches.Also);
        Apart(engine, working, PlacedName, Placed, Sketches.Shaded(decided, decisions.Grounds, rules), rules);
    }

    /// <summary>Sketches what items said that are gone at their source, and cast a shadow.</summary>
    public static void OfGone(Engine engine, string working, ItemDecisions decisions, MatchRules rules)
    {
        if (rules.Copies is not null && Sketches.AnyGone(engine))
            Apart(engine, working, GoneName, Gone, Sketches.ShadedOfGone(decisions, rules), rules);
    }

    private static void Apart(
        Engine engine, string working, string name, int part, string shaded, MatchRules rules)
    {
        FileModes.MakePrivateFolder(Path.Combine(working, FolderName));
        var file = Path.Combine(working, FolderName, name);
        using (var writer = new SketchWriter(NumbersOf(file), rules.Bands))
        {
            CopyFunctions.Keep(
                engine, writer, "shaded", number => $"FROM ({Sketches.Of(shaded, number)}) WHERE sketch IS NOT NULL");
            _ = writer.Complete();
        }

        Write(engine, file, Sketches.Rows("shaded", part));
        engine.Execute("DROP TABLE shaded");
    }

    /// <summary>Removes what a build that was killed left of content in place, and of what is gone: it is always
    /// sketched anew.</summary>
    public static void ForgetApart(string working)
    {
        foreach (var file in ApartOf(working).SelectMany(apart => (string[])[apart.Path, NumbersOf(apart.Path)]))
        {
            if (File.Exists(file))
                File.Delete(file);
        }
    }

    /// <summary>The decisions on a bucket's items, which are not made again, as a file with its hash; none where there
    /// are no items.</summary>
    public static IEnumerable<FactsFile> Decided(string working, PlannedPart part) =>
        part.HasRows ? AdmitStage.Describe(working, AdmitStage.DecidedFolder, part.Bucket) : [];

    /// <summary>All sketches of a build; null = nothing is there to compare.</summary>
    public static SketchedItems? All(string working, BuildPlan plan)
    {
        var files = plan.Parts.Where(part => part.HasRows)
            .Select(part => (part.Bucket, Path: FileOf(working, part.Bucket)))
            .Concat(ApartOf(working).Where(apart => File.Exists(apart.Path))).ToArray();
        return files.Length == 0 ? null : new SketchedItems(
            ParquetFiles.Rows(files.Select(file => file.Path)),
            files.Select(file => (file.Item1, NumbersOf(file.Path))));
    }

    private static void Make(
        Engine engine, string working, BuildPlan plan, ItemDecisions decisions, MatchRules rules, PartBatch batch,
        byte[] seal)
    {
        var from = AdmitStage.From(working, plan, decisions, batch)
            ?? throw new InvalidOperationException($"Buckets {batch.Buckets} have no rows to sketch.");
        var decided = decisions.Over(from, [.. Sketches.Also, PartBatch.Column]);
        var shaded = Sketches.Shaded(decided, decisions.Grounds, rules);
        var writers = new SortedDictionary<int, SketchWriter>();
        try
        {
            foreach (var part in batch.Parts)
                writers.Add(part.Bucket, new SketchWriter(NumbersOf(FileOf(working, part.Bucket)), rules.Bands));
            // Held while all are written: a bucket is small, and what decides looks through its texts once.
            CopyFunctions.KeepEach(
                engine, writers, "shaded", number => Sketches.Of(shaded, number, PartBatch.Column),
                PartBatch.Column);
            foreach (var part in batch.Parts)
                Keep(engine, working, rules, part, writers[part.Bucket].Complete(), seal);
        }
        finally
        {
            foreach (var writer in writers.Values)
                writer.Dispose();
        }

        engine.Execute("DROP TABLE shaded");
    }

    private static void Keep(
        Engine engine, string working, MatchRules rules, PlannedPart part, string numbers, byte[] seal)
    {
        var (file, decided) = (FileOf(working, part.Bucket), DecidedOf(working, part.Bucket));
        var own = string.Create(
            CultureInfo.InvariantCulture, $"(FROM shaded WHERE {PartBatch.Column} = {part.Bucket})");
        FileModes.MakePrivateFolder(Path.GetDirectoryName(decided)!);
        Write(engine, file, Sketches.Rows(own, part.Bucket));
        Write(
            engine, decided, $"SELECT {PartBatch.Column}, mask, service, kind, language, {OfAdmitted} FROM {own}");
        var hashes = new[] { file, decided }.Select(written =>
        {
            Durable.FlushFile(written);
            using var hashed = new HashedFile(written);
            return hashed.ReadHash();
        }).ToArray();
        SealedFile.Write(
            SealOf(working, part.Bucket),
            JsonSerializer.SerializeToUtf8Bytes(
                new Finished(InputOf(part, rules), hashes[0], numbers, hashes[1]), Options),
            seal);
    }

    // Of what is excluded nothing is carried on but what is counted; and no words, since among what is admitted so far
    // are the words of others who are not.
    private static string OfAdmitted { get; } = string.Join(", ",
        ((string[])["item_id", "author", "country", "created_at", "needles"])
        .Select(column => $"CASE WHEN mask = 0 THEN {column} END AS {column}"));

    private static void Write(Engine engine, string file, string rows)
    {
        var unfinished = $"{file}.{Guid.NewGuid():N}{BuildFolder.Unfinished}";
        engine.Execute($"COPY ({rows}) TO {Engine.Literal(unfinished)} "
            + "(FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000)");
        File.Move(unfinished, file, overwrite: true);
    }

    private static (int Part, string Path)[] ApartOf(string working) =>
    [
        (Placed, Path.Combine(working, FolderName, PlacedName)), (Gone, Path.Combine(working, FolderName, GoneName)),
    ];

    private static bool IsFinished(string working, PlannedPart part, MatchRules rules, byte[] seal) =>
        SealedFile.Read(SealOf(working, part.Bucket), seal) is { } content
        && JsonSerializer.Deserialize<Finished>(content, Options) is { } finished
        && finished.Input == InputOf(part, rules) && HashedFile.Is(FileOf(working, part.Bucket), finished.Sha256)
        && HashedFile.Is(NumbersOf(FileOf(working, part.Bucket)), finished.Numbers)
        && HashedFile.Is(DecidedOf(working, part.Bucket), finished.Decided);

    private static string InputOf(PlannedPart part, MatchRules rules) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{rules.Identity}\n{part.Input}")));

    private static string FileOf(string working, int bucket) =>
        Path.Combine(working, FolderName, BuildFolder.NameOf(bucket));

    private static string DecidedOf(string working, int bucket) => Path.Combine(
        working, AdmitStage.DecidedFolder, string.Create(CultureInfo.InvariantCulture, $"bucket={bucket}"),
        "decided.parquet");

    private static string SealOf(string working, int bucket) => Path.Combine(
        working, FolderName, string.Create(CultureInfo.InvariantCulture, $"b{bucket:D3}.json"));

    // Beside the rows that say whose they are.
    private static string NumbersOf(string file) => Path.ChangeExtension(file, ".sketches");

    private sealed record Finished(string Input, string Sha256, string Numbers, string Decided);
}
