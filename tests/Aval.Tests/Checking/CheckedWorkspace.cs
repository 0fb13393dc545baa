using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Founding;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Tests.Checking;

/// <summary>A workspace with content, choices and a release, made once; each test gets a copy of its own to
/// break.</summary>
public sealed class CheckedWorkspace : IDisposable
{
    private static readonly DateTimeOffset Now = Instant.Parse("2026-01-15T00:00:00Z", "now");
    private const string Rest = "\"service\": \"facebook\", \"kind\": \"post\", \"audience\": \"public\", "
        + "\"created_at\": \"2024-03-04T05:06:07Z\", \"observed_at\": \"2024-06-01T00:00:00Z\"";

    private readonly TemporaryFolder _folder = new();
    private int _copies;

    public CheckedWorkspace()
    {
        Original = Make("original");
        Other = Make("other");
        Expected = Build(Copy());
    }

    internal Workspace Original { get; }

    /// <summary>The same in everything but its keys and openings.</summary>
    internal Workspace Other { get; }

    /// <summary>The shards of the release that is built next.</summary>
    internal IReadOnlyList<string> Expected { get; }

    /// <summary>Builds the next release and answers the hashes of its shards.</summary>
    internal static IReadOnlyList<string> Build(Workspace workspace, string asOf = "2026-02-01T00:00:00Z") =>
        [.. Release(workspace, asOf).Manifest.Files
            .Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal)).Select(file => file.Sha256)];

    internal static BuildOutcome Release(Workspace workspace, string asOf) => Pipeline.Build(
        workspace, new BuildRequest(PolicyReader.Parse(Authors.BuiltRelease.AdmitsAll, "test.yaml"),
            CorpusName.Parse("test"), Instant.Parse(asOf, "T"), null,
            new EngineLimits(1, 500_000_000)), _ => { });

    internal Workspace Copy()
    {
        var copy = _folder.File(string.Create(CultureInfo.InvariantCulture, $"copy-{_copies++}"));
        CopyFolder(Original.Root, copy);
        return Workspace.Open(copy, copy);
    }

    public void Dispose() => _folder.Dispose();

    private Workspace Make(string name)
    {
        var workspace = NewWorkspace.Create(_folder.File(name), Settings.Default with { Buckets = 2 });
        foreach (var part in new[] { "a", "b" })
        {
            var items = _folder.File($"{name}-{part}.jsonl");
            File.WriteAllLines(items, Enumerable.Range(0, 6).Select(number =>
                $$"""{"item_id": "{{part}}{{number}}", "author": "facebook:{{number}}", "text": "{{name}}", {{Rest}}}"""));
            Importing.Tables(workspace, [items], new ImportOptions(ContentKind.Items, null, false, false, null, null,
                null, new EngineLimits(1, 500_000_000)), TimeProvider.System, (_, _) => { });
        }

        Recorder.RecordOnce(workspace, Now, [.. Enumerable.Range(0, 3).Select(number => new Choice(
            ChoiceKind.Objection, new Account("facebook", $"{number}"), Purpose.TrainGenerativeAi, Scope.Everything,
                Now, Now))]);
        Build(workspace, "2026-01-20T00:00:00Z");
        return workspace;
    }

    private static void CopyFolder(string from, string to)
    {
        FileModes.MakePrivateFolder(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
