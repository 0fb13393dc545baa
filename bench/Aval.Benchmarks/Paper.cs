using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>How much lies where, of the workspace that was measured.</summary>
/// <param name="Choices">Recorded choices.</param>
/// <param name="Admitted">Rows of the release.</param>
/// <param name="Authors">Accounts in it.</param>
/// <param name="ContentBytes">Items, laid out.</param>
/// <param name="ReleaseBytes">The release, its authors' tree included.</param>
/// <param name="LineageBytes">Its lineage.</param>
/// <param name="OutputBytes">Outputs of its authors.</param>
internal sealed record Held(
    long Choices, long Admitted, long Authors, long ContentBytes, long ReleaseBytes, long LineageBytes,
    long OutputBytes)
{
    public static Held Of(Filled filled, Generated data)
    {
        var (shards, outputs) = (Path.Combine(filled.Release, "shards"), Files(filled.Outputs, "*.parquet"));
        return new Held(
            Count([data.Choices]), Count(Files(shards, "*.parquet")), Count(outputs), Bytes(filled.Items),
            Bytes(Files(filled.Release, "*")), Bytes(Files(filled.Traces, "*")), Bytes(outputs));
    }

    private static string[] Files(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern, SearchOption.AllDirectories);

    private static long Bytes(string[] files) => files.Sum(file => new FileInfo(file).Length);

    private static long Count(string[] files)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var names = string.Join(", ", files.Select(file => $"'{file}'"));
        command.CommandText = $"SELECT count(*) FROM read_parquet([{names}])";
        return (long)command.ExecuteScalar()!;
    }
}

/// <summary>
/// What builds took whose differences are the constants of a calculation. Each is a build of one task with one thread.
/// </summary>
/// <param name="Sizes">What was built.</param>
/// <param name="Held">How much that is.</param>
/// <param name="Import">The import of its items.</param>
/// <param name="First">Its first build: outputs of authors are made after the tasks.</param>
/// <param name="Again">Built again, outputs there.</param>
/// <param name="Unsaid">Built without choices.</param>
/// <param name="Tiny">A thousand items in <see cref="TinyBuckets"/> buckets: what does not depend on content.</param>
internal sealed record Measured(
    Sizes Sizes, Held Held, Run Import, ClusterRun First, IReadOnlyList<ClusterRun> Again, ClusterRun Unsaid,
    ClusterRun Tiny)
{
    public const int TinyBuckets = 256;

    public double ImportAMillion => Import.Elapsed.TotalSeconds / Millions(Sizes.Items);

    public double LoadAtLeast => Tiny.Load.TotalSeconds;

    public double LoadAMillionAccounts => More(Unsaid.Load.TotalSeconds, LoadAtLeast) / Millions(Sizes.Authors);

    public double LoadAMillionChoices =>
        More(Median(run => run.Load), Unsaid.Load.TotalSeconds) / Millions(Held.Choices);

    public double AdmitABucket => Tiny.Tasks.Processor.TotalSeconds / TinyBuckets;

    public double AdmitAMillion =>
        More(Median(run => run.Tasks.Processor), Aval.Benchmarks.Sizes.Buckets * AdmitABucket) / Millions(Sizes.Items);

    public double OutputsAMillion =>
        More(First.After.TotalSeconds, Median(run => run.After)) / Millions(Held.Authors);

    public double CommitABucket => Tiny.After.TotalSeconds / TinyBuckets;

    public double TreeAMillion =>
        More(Median(run => run.After), Aval.Benchmarks.Sizes.Buckets * CommitABucket) / Millions(Held.Authors);

    public double MemoryAnAccount =>
        More(Again.Max(run => run.Command.PeakBytes), Tiny.Command.PeakBytes) / Sizes.Authors;

    /// <summary>Whether each of them is more than noise.</summary>
    public bool IsWhole => ((double[])
        [
            ImportAMillion, LoadAtLeast, LoadAMillionAccounts, LoadAMillionChoices, AdmitABucket, AdmitAMillion,
            OutputsAMillion, CommitABucket, TreeAMillion, MemoryAnAccount,
        ]).All(constant => constant > 0);

    private double Median(Func<ClusterRun, TimeSpan> of) => Medians.Of(Again.Select(run => of(run).TotalSeconds));

    private static double Millions(long count) => count / 1e6;

    // Of small sizes a difference is noise, and no step takes less than nothing. The table says which were so.
    private static double More(double all, double without) => Math.Max(0, all - without);
}

/// <summary>
/// What the measured constants come to at a platform's size. Nobody has run that; it says which step would have to
/// change first.
/// </summary>
internal sealed record Paper(Measured Measured)
{
    private const double Items = 1e11;
    private const double Accounts = 4e8;
    private const int Buckets = 4_096;
    private const int Nodes = 64;
    private const int CoresANode = 64;
    private const double Million = 1e6;
    private const string Nothing = "not measurable";

    private double Choices => Accounts * Measured.Held.Choices / Measured.Sizes.Authors;

    private double Authors => Accounts * Measured.Held.Authors / Measured.Sizes.Authors;

    private double Admitted => Items * Measured.Held.Admitted / Measured.Sizes.Items;

    private static double BucketsACore => Math.Ceiling((double)Buckets / (Nodes * CoresANode));

    private static double ItemsABucket => Items / Buckets;

    private double Load => Measured.LoadAtLeast + (Accounts / Million * Measured.LoadAMillionAccounts)
        + (Choices / Million * Measured.LoadAMillionChoices);

    private double Admit =>
        BucketsACore * (Measured.AdmitABucket + (ItemsABucket / Million * Measured.AdmitAMillion));

    private double Outputs => Authors / Million * Measured.OutputsAMillion / CoresANode;

    private double Tree => Authors / Million * Measured.TreeAMillion;

    private double Commit => Buckets * Measured.CommitABucket;

    /// <summary>Tables in Markdown.</summary>
    public void Print(TextWriter output)
    {
        PrintConstants(output);
        PrintSteps(output);
        PrintBytes(output);
        PrintLimits(output);
    }

    private void PrintConstants(TextWriter output)
    {
        var (sizes, held) = (Measured.Sizes, Measured.Held);
        output.WriteLine($"Constants, of {sizes.Items} items, {sizes.Authors} accounts, {held.Choices} choices, "
            + $"{held.Authors} authors in the release; one thread, but for the import ({sizes.Threads}):");
        output.WriteLine();
        output.WriteLine("| constant | measured | how |");
        output.WriteLine("| --- | ---: | --- |");
        Row(output, "import, a million items", Measured.ImportAMillion, "s", "of the items alone, laying out");
        Row(output, "load, at least", Measured.LoadAtLeast, "s",
            $"a thousand items in {Measured.TinyBuckets} buckets");
        Row(output, "load, a million accounts", Measured.LoadAMillionAccounts, "s",
            "built without choices, less the above");
        Row(output, "load, a million choices", Measured.LoadAMillionChoices, "s",
            "built with all, less built without");
        Row(output, "admit, a million items", Measured.AdmitAMillion, "core-s",
            "the tasks' processor time, less the below");
        Row(output, "admit, a bucket", Measured.AdmitABucket, "core-s",
            $"a thousand items in {Measured.TinyBuckets} buckets");
        Row(output, "outputs, a million authors", Measured.OutputsAMillion, "core-s",
            "a first build, less built again");
        Row(output, "tree, a million authors", Measured.TreeAMillion, "s", "after the tasks, less the below");
        Row(output, "commit, a bucket", Measured.CommitABucket, "s",
            $"a thousand items in {Measured.TinyBuckets} buckets");
        Row(output, "peak memory of load and commit, an account", Measured.MemoryAnAccount, "B",
            "less that of a thousand items");
        output.WriteLine($"| content, an item | {(double)held.ContentBytes / sizes.Items:F1} B | on disk |");
        output.WriteLine($"| release, a row | {(double)held.ReleaseBytes / held.Admitted:F1} B | on disk, with the "
            + "tree of authors and the sidecar |");
        output.WriteLine($"| lineage, a row | {(double)held.LineageBytes / held.Admitted:F1} B | on disk |");
        output.WriteLine($"| outputs, an author | {(double)held.OutputBytes / held.Authors:F1} B | on disk |");
        output.WriteLine();
        if (!Measured.IsWhole)
        {
            output.WriteLine($"**{Nothing}: a difference was none, so what follows leaves it out and is too small. "
                + "Take more --items, on a machine that does nothing else.**");
            output.WriteLine();
        }
    }

    private void PrintSteps(TextWriter output)
    {
        output.WriteLine($"On paper: {Items:0.#e+0} items, {Accounts:0.#e+0} accounts, {Choices:0.0e+0} choices, "
            + $"{Authors:0.0e+0} authors in the release, {Buckets} buckets, {Nodes} nodes of "
            + $"{CoresANode} cores like this one:");
        output.WriteLine();
        output.WriteLine("| step | who | seconds | hours |");
        output.WriteLine("| --- | --- | ---: | ---: |");
        Step(output, "import, once", "one process", Items / Million * Measured.ImportAMillion);
        Step(output, "load", "one process", Load);
        Step(output, "admit",
            $"{Buckets} tasks, {BucketsACore:F0} bucket a core, {ItemsABucket / Million:F1} million items each", Admit);
        Step(output, "outputs of authors, once", $"the node that commits, {CoresANode} cores", Outputs);
        Step(output, "tree of authors", "one process", Tree);
        Step(output, "commit", "one process", Commit);
        Step(output, "a corpus's first build", "", Load + Admit + Outputs + Tree + Commit);
        Step(output, "built again, every bucket changed", "", Load + Admit + Tree + Commit);
        output.WriteLine();
    }

    private void PrintBytes(TextWriter output)
    {
        var held = Measured.Held;
        var content = Items * held.ContentBytes / Measured.Sizes.Items;
        var written = Admitted * (held.ReleaseBytes + held.LineageBytes) / held.Admitted;
        output.WriteLine($"Read {content / 1e12:F1} TB, written {written / 1e12:F1} TB. While the tasks run, the "
            + $"shared storage would have to carry {(content + written) / 1e9 / Admit:F1} GB a second; "
            + "where it carries less, it sets the time.");
        output.WriteLine();
    }

    private void PrintLimits(TextWriter output)
    {
        var alone = 1 - (Admit / (Load + Admit + Tree + Commit));
        var (memory, hours) = (Accounts * Measured.MemoryAnAccount / 1e9, Outputs * CoresANode / 3600);
        var had = (double)Measured.Sizes.Items / Aval.Benchmarks.Sizes.Buckets / Million;
        output.WriteLine($"""
            What does not get faster with more nodes, and what this leaves out:

            - Load, the tree of authors and the commit are one process: {alone:P0} of the time of a build that finds
              outputs there. With twice the nodes only admit is halved. All three were measured with one thread, and are
              counted so: a part of each uses the other cores of its machine, and how much that saves on {CoresANode}
              was not measured.
            - The process that loads and commits would hold {memory:F0} GB at the measured bytes an account, or spill
              that to its disk; neither was tried.
            - Imports are one at a time. Content of this size would come over months, and nobody would import it in one.
            - Outputs of authors are made on the one node that commits; with one thread they would take
              {hours:F1} hours.
            - A bucket would have {ItemsABucket / Million:F1} million items, and those measured had {had:F2} million:
              sorting grows faster than its rows, and what exceeds a task's memory spills. Buckets are taken to be equal;
              the largest one sets the time.
            - Left out: the scheduler, waiting for nodes, tasks that are lost, cores that share memory and caches.
            """);
    }

    private static void Row(TextWriter output, string constant, double value, string unit, string how) =>
        output.WriteLine($"| {constant} | {(value > 0 ? $"{value:0.####} {unit}" : Nothing)} | {how} |");

    private static void Step(TextWriter output, string step, string who, double seconds) =>
        output.WriteLine($"| {step} | {who} | {seconds:F0} | {seconds / 3600:F2} |");
}
