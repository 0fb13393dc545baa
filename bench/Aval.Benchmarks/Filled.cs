using System.Globalization;
using System.Text.Json;

namespace Aval.Benchmarks;

/// <summary>A workspace of the bench's: made by the command that users run, and put back between builds.</summary>
/// <param name="Root">Its folder.</param>
internal sealed record Filled(string Root)
{
    private const string Policy = "opt-out";

    // What reads text: baselines do none of it.
    private static readonly string[] OfText =
        ["special-categories", "about-me", "copies", "identifiers", "duplicates", "language"];

    /// <summary>The program that is run: what users have, or the one beside this.</summary>
    public string Program { get; private init; } = "Aval.Cli.dll";

    private string Decisions => Path.Combine(Root, $"{Policy}-decisions.yaml");

    private string Lineage => Path.Combine(Root, "lineage");

    private string Corpus => Path.Combine(Root, "corpus");

    /// <summary>Where outputs of authors stay from build to build.</summary>
    public string Outputs => Path.Combine(Lineage, Policy, "authors");

    /// <summary>The one release of the corpus.</summary>
    public string Release => Directory.EnumerateDirectories(Path.Combine(Corpus, Policy)).Single();

    /// <summary>Its lineage.</summary>
    public string Traces => Path.Combine(Lineage, Policy, Path.GetFileName(Release));

    /// <summary>Files with the rows of the items that are laid out.</summary>
    public string[] Items =>
        Directory.GetFiles(Path.Combine(Root, "content", "items"), "*.parquet", SearchOption.AllDirectories);

    /// <summary>An empty workspace.</summary>
    /// <param name="root">Its folder, made anew.</param>
    /// <param name="buckets">How many it has.</param>
    /// <param name="published">The folder of a published <c>aval</c>; null = the program beside this one is run, which
    /// compiles itself as it runs.</param>
    public static Filled New(string root, int buckets = Sizes.Buckets, string? published = null)
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        var filled = published is null
            ? new Filled(root)
            : new Filled(root) { Program = Path.GetFullPath(Path.Combine(published, "aval")) };
        _ = filled.Aval("init", "--buckets", Number(buckets));
        File.WriteAllLines(
            filled.Decisions, File.ReadLines(Path.Combine(AppContext.BaseDirectory, "policies", $"{Policy}.yaml"))
                .Select(line => OfText.FirstOrDefault(id => line.Contains($"{{id: {id},", StringComparison.Ordinal))
                    is { } rule ? $"  - {{id: {rule}, off: \"measured without\"}}" : line));
        return filled;
    }

    /// <summary>Imports content, and records all choices. Answers what the import of the items took.</summary>
    public Run Fill(Generated data, Sizes sizes, bool inPlace)
    {
        string[] where = inPlace ? ["--in-place"] : [];
        _ = Aval(["import", "table", data.Accounts, "--as", "accounts", .. where]);
        _ = Aval(["import", "table", data.Notices, "--as", "notices", .. where]);
        var import = Import(data, sizes, where);
        _ = Aval("choose", "--from", data.Choices);
        return import;
    }

    /// <summary>Imports the items.</summary>
    public Run Import(Generated data, Sizes sizes, params string[] where) =>
        Aval(["import", "table", data.Items, "--as", "items", .. Limits(sizes), .. where]);

    /// <summary>Builds a release by the rules that read no text.</summary>
    public Run Build(Sizes sizes, params string[] options) =>
        Aval(["build", "--policy", Decisions, "--as-of", Generated.AsOf, .. Limits(sizes), .. options]);

    /// <summary>Builds a release by all rules of the policy.</summary>
    public Run BuildAsShipped(Sizes sizes) =>
        Aval(["build", "--policy", Policy, "--as-of", Generated.AsOf, .. Limits(sizes)]);

    /// <summary>Records an objection of now.</summary>
    public void Object(string account) => _ = Aval("choose", "objection", "--account", account);

    /// <summary>Records the choices of a file.</summary>
    public void Choose(string file) => _ = Aval("choose", "--from", file);

    /// <summary>Recalls the corpus, and answers what that took and what <c>recall.json</c> says of it; null = nothing
    /// was to be done.</summary>
    public (Run Run, JsonDocument? Record) Recall(Sizes sizes)
    {
        var before = Directory.GetDirectories(Path.Combine(Corpus, Policy));
        var run = Aval(["recall", "--corpus", Policy, .. Limits(sizes)]);
        var made = Directory.GetDirectories(Path.Combine(Corpus, Policy)).Except(before).SingleOrDefault();
        return (run, made is null ? null : JsonDocument.Parse(File.ReadAllBytes(Path.Combine(made, "recall.json"))));
    }

    /// <summary>Builds a release whose authors' outputs are there.</summary>
    /// <exception cref="InvalidOperationException">Some were made: the time is another build's.</exception>
    public Run BuildAgain(Sizes sizes, params string[] options)
    {
        var before = OutputTimes();
        var run = Build(sizes, options);
        return before.Length > 0 && OutputTimes().SequenceEqual(before)
            ? run
            : throw new InvalidOperationException(
                $"{Outputs}: outputs of authors were made by a build that was to find all of them there.");
    }

    /// <summary>Removes releases and what builds keep; with <paramref name="keepOutputs"/> all but outputs of authors.
    /// Without what their parts were made from (<c>parts.json</c>) the next build links nothing.</summary>
    public void Clear(bool keepOutputs)
    {
        if (Directory.Exists(Corpus))
            Directory.Delete(Corpus, recursive: true);
        if (!Directory.Exists(Lineage))
            return;
        foreach (var corpus in Directory.GetDirectories(Lineage))
        {
            foreach (var file in Directory.GetFiles(corpus))
                File.Delete(file);
            foreach (var folder in Directory.GetDirectories(corpus).Where(path => !keepOutputs || path != Outputs))
                Directory.Delete(folder, recursive: true);
        }
    }

    private (string, DateTime)[] OutputTimes() => !Directory.Exists(Outputs) ? [] :
        [.. Directory.GetFiles(Outputs, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (file, File.GetLastWriteTimeUtc(file)))];

    private Run Aval(params IReadOnlyList<string> arguments)
    {
        if (arguments[0] != "build")
            Console.Error.WriteLine($"aval {string.Join(' ', arguments)}");
        return Child.Finish(Program, [.. arguments, "--workspace", Root]);
    }

    private static string[] Limits(Sizes sizes) => ["--threads", Number(sizes.Threads), "--memory", sizes.Memory];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
