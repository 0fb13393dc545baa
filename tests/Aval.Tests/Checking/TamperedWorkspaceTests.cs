using Aval.Checking;
using Aval.Storage;

namespace Aval.Tests.Checking;

/// <summary>
/// Each kind of file, deleted, emptied, cut, altered or taken from another workspace: the next build says the same as
/// before, or refuses and names it; a check names it.
/// </summary>
public sealed class TamperedWorkspaceTests(CheckedWorkspace made) : IClassFixture<CheckedWorkspace>
{
    private static readonly string[] Faults = ["deleted", "emptied", "cut", "altered", "another's"];

    [Theory]
    [InlineData("content/imports.jsonl")]
    [InlineData("content/imports.head")]
    [InlineData("content/items/000001-items.parquet")]
    [InlineData("content/index/items/000002-items.parquet")]
    [InlineData("choices.db")]
    [InlineData("ledger/checkpoint")]
    [InlineData("ledger/tile/0/000.p/*")]
    [InlineData("ledger/tile/entries/000.p/*")]
    [InlineData("keys/workspace.key")]
    [InlineData("keys/ledger.key")]
    [InlineData("keys/vrf.key")]
    [InlineData("corpus/test/*/manifest.json")]
    [InlineData("corpus/test/*/manifest.sig")]
    [InlineData("corpus/test/*/manifest.tlog-proof")]
    [InlineData("corpus/test/*/accounting.json")]
    [InlineData("corpus/test/*/shards/b000.parquet")]
    [InlineData("corpus/test/*/authors/checkpoint")]
    [InlineData("corpus/test/*/authors/audit/b001.parquet")]
    [InlineData("corpus/test/*/authors/tile/entries/000.p/*")]
    [InlineData("lineage/test/*/b000.parquet")]
    public void A_file_that_was_tampered_with_changes_no_meaning_or_is_refused_and_a_check_names_it(string pattern)
    {
        foreach (var fault in Faults)
        {
            var workspace = made.Copy();
            var file = Only(workspace, pattern);
            var before = File.ReadAllBytes(file);
            Break(file, Only(made.Other, pattern), fault);
            if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(before))
                continue; // The other workspace's says the same.
            // Before the build: one that writes a tile or the checkpoint again from the store has mended it.
            var found = WorkspaceCheck.Of(workspace, _ => { }).SelectMany(check => check.Faults).ToList();
            Assert.True(found.Count > 0, $"{pattern}, {fault}: the check finds nothing wrong.");
            RequireSameOrRefused(workspace, file, fault);
        }
    }

    // What can be made again at any time is no fault when it is gone, and never believed when it was changed.
    [Theory]
    [InlineData("lineage/test/authors/*/b000.parquet")]
    [InlineData("lineage/test/authors/*/b000.seal")]
    public void A_cache_that_was_tampered_with_changes_no_meaning(string pattern)
    {
        foreach (var fault in Faults)
        {
            var workspace = made.Copy();
            Break(Only(workspace, pattern), Only(made.Other, pattern), fault);
            Assert.Equal(made.Expected, CheckedWorkspace.Build(workspace));
        }
    }

    [Fact]
    public void A_workspace_that_nobody_touched_is_as_it_should_be()
    {
        var workspace = made.Copy();
        RequireNoFault(workspace);
        Assert.Equal(made.Expected, CheckedWorkspace.Build(workspace));
        RequireNoFault(workspace);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("ledger")]
    [InlineData("ledger/tile")]
    [InlineData("keys")]
    [InlineData("corpus")]
    [InlineData("lineage")]
    public void A_folder_that_is_gone_changes_no_meaning_or_is_refused(string folder)
    {
        var workspace = made.Copy();
        Directory.Delete(Path.Combine(workspace.Root, folder), recursive: true);
        RequireSameOrRefused(workspace, folder, "deleted");
    }

    [Fact]
    public void A_file_that_nobody_knows_is_named_and_stays()
    {
        var workspace = made.Copy();
        var stranger = Path.Combine(workspace.Content, "items", "letter.txt");
        File.WriteAllLines(stranger, ["words"]);
        FileModes.MakePrivate(stranger);
        Assert.Contains(stranger, Assert.Single(WorkspaceCheck.Of(workspace, _ => { })
            .SelectMany(check => check.Faults)), StringComparison.Ordinal);
        Assert.Equal(made.Expected, CheckedWorkspace.Build(workspace));
        Assert.True(File.Exists(stranger));
    }

    [Theory]
    [InlineData("corpus/test/*/manifest.json")]
    [InlineData("corpus/test/*/shards/b000.parquet")]
    [InlineData("lineage/test/*/b000.parquet")]
    public void What_is_to_be_built_again_is_asked_for_with_all_that_its_bytes_depend_on(string pattern)
    {
        var workspace = made.Copy();
        File.Delete(Only(workspace, pattern));
        var fault = WorkspaceCheck.Of(workspace, _ => { }).SelectMany(check => check.Faults)
            .First(found => found.Contains("uild", StringComparison.Ordinal));
        foreach (var input in (string[])["--as-of", "--protect-until", "--at-checkpoint", "--erased-to"])
            Assert.Contains(input, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_buckets_than_the_last_release_has_is_refused()
    {
        var workspace = made.Copy();
        var refused = Assert.Throws<AvalException>(() =>
            CheckedWorkspace.Build(workspace with { Settings = workspace.Settings with { Buckets = 3 } }));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("buckets is 3, and the release", refused.Message, StringComparison.Ordinal);
    }

    private static void RequireNoFault(Workspace workspace)
    {
        var faults = WorkspaceCheck.Of(workspace, _ => { }).SelectMany(check => check.Faults).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private void RequireSameOrRefused(Workspace workspace, string file, string fault)
    {
        try
        {
            Assert.Equal(made.Expected, CheckedWorkspace.Build(workspace));
        }
        catch (Exception refused) when (refused is AvalException or ProofException || FileFailure.Is(refused))
        {
            Assert.True(
                refused.Message.Contains(Path.GetFileName(file), StringComparison.Ordinal)
                    || refused.Message.Contains("choice", StringComparison.Ordinal)
                    || refused.Message.Contains("publish --afresh", StringComparison.Ordinal)
                        || refused.Message.Contains("key", StringComparison.Ordinal),
                $"{file}, {fault}: {refused.Message}");
            Assert.Single(Directory.GetDirectories(Path.Combine(workspace.Corpus, "test")), path =>
                !Path.GetFileName(path).StartsWith('.'));
        }
    }

    private static void Break(string file, string another, string fault)
    {
        var bytes = File.ReadAllBytes(file);
        switch (fault)
        {
            case "deleted": File.Delete(file); return;
            case "emptied": bytes = []; break;
            case "cut": bytes = bytes[..(bytes.Length / 2)]; break;
            case "altered": bytes[Middle(bytes)] ^= 1; break;
            case "another's": bytes = File.ReadAllBytes(another); break;
            default: throw new InvalidOperationException(fault);
        }

        using var stream = new FileStream(file, FileMode.Truncate);
        stream.Write(bytes);
    }

    // Half of a database is empty, and says nothing whatever it holds: there, a byte of an account is taken.
    private static int Middle(byte[] bytes) => bytes.AsSpan().StartsWith("SQLite format 3"u8)
        ? bytes.AsSpan().LastIndexOf("facebook:1"u8) + "facebook:".Length
        : bytes.Length / 2;

    private static string Only(Workspace workspace, string pattern)
    {
        var places = new List<string> { workspace.Root };
        foreach (var part in pattern.Split('/'))
            places = [.. places.SelectMany(place => Directory.Exists(place) ? Directory.GetFileSystemEntries(place,
                part) : []).Where(place => !Path.GetFileName(place).StartsWith('.'))];
        return places.Order(StringComparer.Ordinal).Last();
    }
}
