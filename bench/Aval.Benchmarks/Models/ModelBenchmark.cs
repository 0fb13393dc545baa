using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Aval.Models;
using DuckDB.NET.Data;

namespace Aval.Benchmarks.Models;

/// <summary>
/// What the reference model costs: training, scoring, and forgetting one account, beside training again; and how well
/// it foretells, beside two compressors on the same text (docs/models.md).
/// </summary>
internal sealed class ModelBenchmark
{
    private const int Buckets = 64;
    private const int ItemsOfAnAuthor = 50;

    private const string Policy = """
        policy: all
        title: Whatever there is
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection}
          - {id: informed, off: "measured without"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "measured without"}
          - {id: about-me, off: "measured without"}
          - {id: erasure, off: "measured without"}
          - {id: restriction, off: "measured without"}
          - {id: removal, off: "measured without"}

        """;

    private readonly string _root;
    private readonly string[] _limits;
    private readonly int _order;
    private readonly int _threads;

    private ModelBenchmark(string folder, int order, int threads, string memory) =>
        (_root, _order, _threads, _limits) =
            (Path.Combine(folder, "model"), order, threads, ["--threads", Number(threads), "--memory", memory]);

    /// <summary>Measures, and prints tables in Markdown.</summary>
    /// <param name="texts">The folder of the real texts.</param>
    /// <param name="folder">Where the workspace lies meanwhile.</param>
    /// <param name="bytes">How much is trained on.</param>
    /// <param name="order">Of the byte model.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="memory">Before it spills.</param>
    public static int Hold(string texts, string folder, long bytes, int order, int threads, string memory)
    {
        Console.WriteLine(Machine.Here());
        Console.WriteLine();
        var read = BenchTexts.Read(texts);
        Line($"{read}; order {order} of bytes, {threads} threads, --memory {memory}.");
        var bench = new ModelBenchmark(folder, order, threads, memory);
        bench.Fill(read, bytes);
        bench.TrainAndUnlearn();
        bench.Score(read);
        Directory.Delete(bench._root, recursive: true);
        return 0;
    }

    private string Workspace => Path.Combine(_root, "workspace");

    private void Fill(BenchTexts texts, long bytes)
    {
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
        Directory.CreateDirectory(_root);
        var (lines, table) = (Path.Combine(_root, "items.jsonl"), Path.Combine(_root, "items.parquet"));
        using (var output = new StreamWriter(lines))
        {
            foreach (var (at, (language, text)) in texts.Take(bytes).Index())
                output.WriteLine($"{{\"i\":{Number(at)},\"l\":\"{language}\",\"t\":\""
                    + $"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"}}");
        }

        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                COPY (SELECT 'i' || i AS item_id, 'facebook' AS service, 'post' AS kind,
                    'facebook:' || (1000 + i // {ItemsOfAnAuthor}) AS author, 'public' AS audience,
                    '2024-03-04T05:06:07Z' AS created_at, t AS text, l AS language_hint,
                    '2024-06-01T00:00:00Z' AS observed_at
                    FROM read_json('{lines}', columns = {"{i: 'BIGINT', l: 'VARCHAR', t: 'VARCHAR'}"},
                        maximum_object_size = 100000000))
                TO '{table}' (FORMAT parquet)
                """;
            command.ExecuteNonQuery();
        }

        File.Delete(lines);
        var policy = Path.Combine(_root, "all.yaml");
        File.WriteAllLines(policy, Policy.Split('\n'));
        Aval("init", "--buckets", Number(Buckets));
        Aval(["import", "table", table, "--as", "items", .. _limits]);
        Aval(["build", "--policy", policy, "--as-of", "2026-01-15T00:00:00Z", .. _limits]);
        File.Delete(table);
    }

    private void TrainAndUnlearn()
    {
        var train = Aval(["model", "train", "all", "--name", "first", "--order", Number(_order), .. _limits]);
        Aval("choose", "objection", "--account", "facebook:1001");
        Aval(["recall", "--corpus", "all", .. _limits]);
        var unlearn = Aval(["model", "unlearn", "first", "--release", "all", "--name", "second", .. _limits]);
        var again = Aval(["model", "train", "all", "--name", "again", "--order", Number(_order), .. _limits]);
        var bytes = Statement("first").Languages.Sum(language => language.Value.Sums.Bytes);
        Console.WriteLine();
        Line($"| {bytes / 1e6:F0} MB of text, {Buckets} buckets | seconds | MB/s a core | peak MB | n-grams |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (what, run, model) in new[]
            { ("train", train, "first"), ("unlearn one account", unlearn, "second"), ("train again", again, "again") })
        {
            var ngrams = Statement(model).Tables.Values.Sum(table => table.Sum(order => order.Ngrams));
            var rate = bytes / 1e6 / run.Processor.TotalSeconds;
            Line($"| {what} | {run.Elapsed.TotalSeconds:F2} | {rate:F1} | {run.PeakBytes / 1e6:F0} | {ngrams} |");
        }

        Line($"| unlearn ÷ train | {unlearn.Elapsed / again.Elapsed:F3} | | | |");
        Console.WriteLine();
        var same = Hashes("second").SequenceEqual(Hashes("again"));
        Console.WriteLine($"Unlearned and trained again are the same files, byte for byte: {(same ? "yes" : "NO")}.");
    }

    private void Score(BenchTexts texts)
    {
        var model = new ModelFolder(ModelOf("again"), Statement("again"));
        foreach (var language in model.Statement.Tables.Keys)
            model.Read(language);
        var held = texts.HeldOut.Select(text => (text.Language, Bytes: Encoding.UTF8.GetBytes(text.Text))).ToArray();
        var bytes = held.Sum(text => (long)text.Bytes.Length);
        // Once before, so that no compiler is measured.
        foreach (var (language, text) in held)
            model.Read(language).Bits(text);
        var (watch, bits) = (Stopwatch.StartNew(), 0.0);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        foreach (var (language, text) in held)
            bits += model.Read(language).Bits(text);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        Console.WriteLine();
        var rate = bytes / 1e6 / processor.TotalSeconds;
        Line($"Scoring {bytes / 1e6:F1} MB held out: {rate:F1} MB/s a core ({watch.Elapsed.TotalSeconds:F2} s).");
        Console.WriteLine();
        var plain = Path.Combine(_root, "held-out.txt");
        File.WriteAllLines(plain, texts.HeldOut.Select(text => text.Text));
        var size = new FileInfo(plain).Length;
        Console.WriteLine("| the same held-out text | bits a byte |");
        Console.WriteLine("| --- | ---: |");
        Line($"| the model | {bits / bytes:F3} |");
        foreach (var compressor in (string[][])[["xz", "-9e", "-T1", "-k"], ["zstd", "-19", "-q", "-k"]])
        {
            Child.Finish(compressor[0], [.. compressor[1..], plain]);
            var packed = new FileInfo($"{plain}.{(compressor[0] == "xz" ? "xz" : "zst")}").Length;
            Line($"| `{string.Join(' ', compressor[..2])}` | {packed * 8.0 / size:F3} |");
        }
    }

    private string ModelOf(string name) => Path.Combine(Workspace, "models", name);

    private ModelStatement Statement(string name) => ModelStatement.Read(ModelOf(name));

    private string[] Hashes(string name) =>
    [
        .. Directory.EnumerateFiles(ModelOf(name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path =>
            {
                using var file = File.OpenRead(path);
                return Path.GetRelativePath(ModelOf(name), path) + Convert.ToHexString(SHA256.HashData(file));
            }),
    ];

    private Run Aval(params IReadOnlyList<string> arguments)
    {
        Console.Error.WriteLine($"aval {string.Join(' ', arguments)}");
        var run = Child.Finish("Aval.Cli.dll", [.. arguments, "--workspace", Workspace]);
        Console.Error.WriteLine($"  {run.Elapsed.TotalSeconds:F1} s");
        return run;
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
