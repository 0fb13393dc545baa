using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Authors;
using Aval.Content;
using Aval.Founding;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Faults;

/// <summary>
/// A workspace with a fixed key and enough made-up content that its build can be interrupted; and what must hold of it
/// at any moment.
/// </summary>
internal sealed record FilledWorkspace(Workspace Workspace)
{
    public const string AsOf = "2026-01-15T00:00:00Z";

    private static readonly SigningKey Signer = SigningKey.Generate(Settings.DefaultOrigin);
    private static readonly VrfKey Authors = VrfKey.Generate();

    /// <summary>The same keys everywhere: a release's bytes are a function of them.</summary>
    public static FilledWorkspace Create(string directory, int buckets = 8)
    {
        FileModes.MakePrivateFolder(Path.Combine(directory, "keys"));
        File.WriteAllLines(Path.Combine(directory, "keys", "workspace.key"), [new string('7', 2 * WorkspaceKey.Size)]);
        FileModes.MakePrivate(Path.Combine(directory, "keys", "workspace.key"));
        Signer.CreateNew(Path.Combine(directory, "keys", "ledger.key"));
        Authors.CreateNew(Path.Combine(directory, "keys", "vrf.key"));
        return new FilledWorkspace(NewWorkspace.Create(directory, Settings.Default with { Buckets = buckets }));
    }

    /// <summary>
    /// Writes items.parquet, accounts.parquet, notices.parquet and choices.csv into <paramref name="directory"/>.
    /// </summary>
    public static void WriteFiles(string directory, int items)
    {
        Directory.CreateDirectory(directory);
        using var engine = Engine.Open(directory, EngineLimits.Default);
        var accounts = items / 20;
        engine.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            COPY (SELECT 'i' || n AS item_id, 'facebook' AS service, 'post' AS kind,
                'facebook:' || n * 7 % {accounts} AS author, ['public', 'public', 'friends'][1 + n % 3] AS audience,
                    '2020-03-04T05:06:07Z' AS created_at, 'text number ' || n || ' — ünïcode 🙂 ' || md5(n::VARCHAR)
                        || md5((n + 1)::VARCHAR) AS text, '2026-01-01T00:00:00Z' AS observed_at
                FROM range({items}) t(n))
                    TO {Engine.Literal(Path.Combine(directory, "items.parquet"))} (FORMAT parquet);
            COPY (SELECT 'facebook:' || n AS account, 'facebook' AS service, 1980 AS birth_year,
                '2026-01-01T00:00:00Z' AS observed_at
                FROM range({accounts}) t(n))
                    TO {Engine.Literal(Path.Combine(directory, "accounts.parquet"))} (FORMAT parquet);
            COPY (SELECT 'facebook:' || n AS account, 'v1' AS version, '2025-04-14T00:00:00Z' AS delivered_at
                FROM range({accounts}) t(n))
                    TO {Engine.Literal(Path.Combine(directory, "notices.parquet"))} (FORMAT parquet);
            COPY (SELECT 'objection' AS kind, 'facebook:' || n AS account, '2025-06-01T00:00:00Z' AS made_at,
                '2025-06-01T00:00:00Z' AS received_at
                FROM range(0, {accounts}, 10) t(n))
                    TO {Engine.Literal(Path.Combine(directory, "choices.csv"))} (FORMAT csv, HEADER true);
            """));
    }

    /// <summary>Writes 60 items that <see cref="WriteFiles"/> does not, and answers their file.</summary>
    public static string WriteOthers(string directory)
    {
        WriteFiles(directory, 60);
        var (items, others) = (Path.Combine(directory, "items.parquet"), Path.Combine(directory, "others.parquet"));
        using var engine = Engine.Open(directory, EngineLimits.Default);
        engine.Execute($"""
            COPY (SELECT * REPLACE ('j' || item_id AS item_id) FROM {Engine.Literal(items)})
            TO {Engine.Literal(others)} (FORMAT parquet)
            """);
        return others;
    }

    public void Import(string files)
    {
        Done("import", "table", Path.Combine(files, "items.parquet"), "--as", "items");
        ImportRest(files);
    }

    public void ImportRest(string files)
    {
        Done("import", "table", Path.Combine(files, "accounts.parquet"), "--as", "accounts");
        Done("import", "table", Path.Combine(files, "notices.parquet"), "--as", "notices");
        Done("choose", "--from", Path.Combine(files, "choices.csv"));
    }

    /// <summary>Imports in this process, which takes a fraction of the time of one that is started.</summary>
    public void ImportHere(string file, ContentKind kind) => Importing.Tables(
        Workspace, [file], new ImportOptions(kind, null, false, false, null, null, null, EngineLimits.Default),
        TimeProvider.System, (_, _) => { });

    /// <summary>Imports all content that <see cref="WriteFiles"/> wrote, in this process.</summary>
    public void ImportAllHere(string files)
    {
        ImportHere(Path.Combine(files, "items.parquet"), ContentKind.Items);
        ImportHere(Path.Combine(files, "accounts.parquet"), ContentKind.Accounts);
        ImportHere(Path.Combine(files, "notices.parquet"), ContentKind.Notices);
    }

    /// <summary>A copy, with every file's mode, that can be broken in this one's place.</summary>
    public FilledWorkspace Copy(string directory)
    {
        using var copy = System.Diagnostics.Process.Start("cp", ["-a", Workspace.Root, directory]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
        return new FilledWorkspace(Workspace.Open(directory, "."));
    }

    /// <summary>All content as a reader sees it: how many rows of each kind, and a sum over all they say.</summary>
    public string Rows()
    {
        var now = Workspace.Open(Workspace.Root, ".");
        using var engine = Engine.Open(now.Temporary, EngineLimits.Default, now.ReadKey());
        ContentViews.Create(engine, now, Instant.Parse(AsOf, "a test's instant"));
        string[] views = ["items_now", "accounts_now", "notices_now"];
        return string.Join('\n', views.Select(view => engine.Scalar<string>($"""
            SELECT '{view} ' || count(*) || ' ' || coalesce(bit_xor(md5_number(to_json(facts)::VARCHAR))::VARCHAR, '')
            FROM {view} AS facts
            """)));
    }

    /// <summary>No file of content is other than it was written, and none is unknown.</summary>
    public void RequireSoundContent() =>
        Assert.Empty(Checking.ContentCheck.Faults(Workspace.Open(Workspace.Root, ".")));

    /// <summary>Sound, and nothing is left of what was interrupted.</summary>
    public void RequireTidyContent()
    {
        RequireSoundContent();
        var replaced = ImportLog.ReadAll(Workspace).Folds.SelectMany(fold => fold.Replaced);
        Assert.DoesNotContain(replaced, path => File.Exists(Path.Combine(Workspace.Content, path)));
        string[] working = [UnderWay.FolderName, "pins"];
        foreach (var folder in working.Select(name => Path.Combine(Workspace.Content, name)))
            Assert.Empty(Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : []);
    }

    public static string[] Build => ["build", "--policy", "opt-out", "--as-of", AsOf];

    public void Done(params string[] arguments)
    {
        var (exit, output, error) = Command.Run(Workspace.Root, arguments);
        Assert.True(exit == 0, $"{string.Join(' ', arguments)}: exit {exit}\n{error}\n{output}");
    }

    /// <summary>
    /// Whatever can be seen as a release is whole: its manifest's files have their hashes, and its lineage is there
    /// with its own. Answers how many there are.
    /// </summary>
    public int RequireWholeReleases()
    {
        var releases = Corpora(Workspace.Corpus).SelectMany(Visible).ToList();
        foreach (var release in releases)
        {
            var manifest = Aval.Corpus.Manifest.Read(release);
            Assert.Equal(
                manifest.Files.Concat(manifest.Audit).Select(file => file.Path)
                    .Concat(["manifest.json", "manifest.sig", "manifest.tlog-proof"]).Order(StringComparer.Ordinal),
                Directory.EnumerateFiles(release, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(release, file))
                    .Where(file => !file.StartsWith("authors/tile/", StringComparison.Ordinal)
                        && file is not ("authors/checkpoint" or Aval.Corpus.Withdrawal.RecallFile
                            or Aval.Corpus.Withdrawal.RecallProof))
                    .Order(StringComparer.Ordinal));
            // What the tiles hold is the root's to say: the audit reads every one.
            using (var engine = Engine.Open(Workspace.Temporary, EngineLimits.Default))
                ReleaseAudit.Of(engine, release, Signer.Verifier, workspace: null, threads: 2, watch: _ => { });
            Assert.All(
                manifest.Files,
                file => Assert.Equal(file.Sha256, Hash(File.ReadAllBytes(Path.Combine(release, file.Path)))));
            Assert.NotEmpty(manifest.Lineage);
            var lineage = Path.Combine(Workspace.Lineage, manifest.Corpus, manifest.Release);
            Assert.All(
                manifest.Lineage,
                file => Assert.Equal(file.Sha256, Hash(File.ReadAllBytes(Path.Combine(lineage, file.Path)))));
        }

        return releases.Count;
    }

    /// <summary>No working file of any build or import is left.</summary>
    public void RequireTidy()
    {
        Assert.Empty(
            Directory.Exists(Workspace.Temporary) ? Directory.EnumerateFileSystemEntries(Workspace.Temporary) : []);
        Assert.DoesNotContain(
            Corpora(Workspace.Corpus)
                .Concat(Corpora(Workspace.Lineage))
                .SelectMany(corpus => Directory.EnumerateFileSystemEntries(corpus)),
            path => Path.GetFileName(path) is not ".lock" and ['.', ..]);
    }

    /// <summary>Every release and lineage file with its hash; of a manifest only what is pure.</summary>
    public SortedDictionary<string, string> Bytes()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in new[] { Workspace.Corpus, Workspace.Lineage }
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            .Where(file =>
                Path.GetFileName(file) is not (".lock" or "manifest.sig" or "manifest.tlog-proof" or "checkpoint"
                    or "parts.json")
                && !file.Contains("/sketched/", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(file);
            if (Path.GetFileName(file) == "manifest.json" && Encoding.UTF8.GetString(bytes) is var text)
                bytes = Encoding.UTF8.GetBytes(text[..text.IndexOf("\"imports\"", StringComparison.Ordinal)]);
            files.Add(Path.GetRelativePath(Workspace.Root, file), Hash(bytes));
        }

        return files;
    }

    /// <summary>As if nothing had been built.</summary>
    public void ForgetReleases()
    {
        foreach (var directory in Corpora(Workspace.Corpus).Concat(Corpora(Workspace.Lineage)))
            Directory.Delete(directory, recursive: true);
    }

    private static string[] Corpora(string root) => Directory.GetDirectories(root);

    private static IEnumerable<string> Visible(string corpus) =>
        Directory.EnumerateDirectories(corpus).Where(path => Path.GetFileName(path) is not ['.', ..]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
