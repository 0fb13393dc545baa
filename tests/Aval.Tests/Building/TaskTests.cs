using System.Globalization;
using Aval.Authors;
using Aval.Building;
using Aval.Policies;
using Aval.Storage;
using Aval.Tests.Authors;

namespace Aval.Tests.Releases;

/// <summary>What a task of a build does, and what it is given.</summary>
public sealed class TaskTests : IDisposable
{
    private readonly BuiltRelease _built = new(authors: 60);

    public void Dispose() => _built.Dispose();

    [Fact]
    public void Tasks_make_the_outputs_of_their_authors_without_any_key_of_the_workspace_and_who_commits_makes_none()
    {
        var expected = Copy(Build().Directory);
        Forget();
        _built.Progress.Clear();
        var tasks = new Tasks(_built.Workspace, count: 3);
        var again = Build(tasks);

        Assert.Equal(16, tasks.Made);
        Assert.Equal(16, tasks.Outputs);
        Assert.DoesNotContain(_built.Progress, progress => progress.Stage == "authors");
        Assert.Equal(expected, Copy(again.Directory));
    }

    [Fact]
    public void A_task_that_two_machines_run_at_once_makes_what_one_makes()
    {
        var expected = Copy(Build().Directory);
        Forget();
        var again = Build(new Tasks(_built.Workspace, count: 2, times: 3));

        Assert.Equal(expected, Copy(again.Directory));
    }

    [Fact]
    public void A_task_without_whole_keys_does_nothing_and_says_where_they_are_expected()
    {
        var working = Pipeline.WorkingFolder(_built.Workspace, BuiltRelease.Corpus);
        Directory.CreateDirectory(working);
        foreach (var text in (string[])["", "00\n00\n", "00\n00\nPRIVATE+KEY+vrf+00000000+AAAA\nscope\n"])
        {
            ContentStore.ContentWorld.Put(Path.Combine(working, "task.keys"), System.Text.Encoding.UTF8.GetBytes(text));
            var refused = Assert.Throws<AvalException>(() => PartTask.Run(working, 0, 1, Small, (_, _) => { }));
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            Assert.Contains("task.keys: expected the keys of a build", refused.Message, StringComparison.Ordinal);
        }
    }

    private static readonly EngineLimits Small = new(1, 500_000_000);

    private BuildOutcome Build(IPartExecutor? executor = null) => _built.Build(
        policy: PolicyReader.Parse(BuiltRelease.AdmitsAll, "all.yaml"), executor: executor);

    private void Forget()
    {
        Directory.Delete(Path.Combine(_built.Workspace.Corpus, "test"), recursive: true);
        Directory.Delete(Path.Combine(_built.Workspace.Lineage, "test"), recursive: true);
    }

    private static SortedDictionary<string, string> Copy(string release) => new(
        Directory.EnumerateFiles(release, "*.parquet", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(
                Path.Combine(release, "authors", "tile"), "*", SearchOption.AllDirectories))
            .ToDictionary(
                path => Path.GetRelativePath(release, path),
                path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);

    /// <summary>Tasks as a cluster runs them, here: with the working folder alone, while keys/ is out of
    /// reach.</summary>
    private sealed class Tasks(Workspace workspace, int count, int times = 1) : IPartExecutor
    {
        public int Made { get; private set; }

        public int Outputs { get; private set; }

        IReadOnlyList<FinishedPart> IPartExecutor.Make(PartsToMake work, Action<int> watch)
        {
            Directory.Move(workspace.Keys, workspace.Keys + ".away");
            var made = new int[count * times];
            Parallel.For(0, count * times, at =>
                made[at] = PartTask.Run(work.Working, at % count, count, Small, (_, _) => { }));
            Directory.Move(workspace.Keys + ".away", workspace.Keys);
            Made = made.Sum();
            var cache = Path.Combine(workspace.Lineage, "test", AuthorOutputs.Directory, work.Plan.Buckets
                .ToString(CultureInfo.InvariantCulture));
            Outputs = Directory.GetFiles(cache, "*.seal").Length;
            return [.. work.Missing.Select(part => FinishedParts.Find(work.Working, work.Plan, part, work.Seal)!)];
        }
    }
}
