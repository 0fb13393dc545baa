using Aval.Checking;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Tests.Checking;

/// <summary>What names people is its owner's alone; what is published tells no instant.</summary>
public sealed class PermissionTests(CheckedWorkspace made) : IClassFixture<CheckedWorkspace>
{
    [Fact]
    public void Whatever_names_people_can_be_reached_by_its_owner_alone()
    {
        var workspace = made.Original;
        var audit = Directory.GetDirectories(Path.Combine(workspace.Corpus, "test"))
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Select(release => Path.Combine(release, "authors", "audit")).Single();
        foreach (var place in new[] { workspace.Content, workspace.Lineage, workspace.Keys, workspace.Temporary,
            audit })
        {
            var all = Directory.GetFileSystemEntries(place, "*", SearchOption.AllDirectories).Append(place)
                .Where(path => Path.GetFileName(path) != ".lock");
            Assert.All(all, path => Assert.False(FileModes.IsOpenToOthers(path), path));
        }

        Assert.False(FileModes.IsOpenToOthers(workspace.Choices));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("contacts")]
    [InlineData("erasing")]
    [InlineData("cases")]
    [InlineData("runs")]
    public void A_place_that_names_people_and_is_open_to_others_is_a_fault(string place)
    {
        var workspace = made.Copy();
        var file = Path.Combine(workspace.Root, place, "one", "two");
        FileModes.MakePrivateFolder(Path.GetDirectoryName(file)!);
        Durable.Replace(file, "facebook:1"u8, Durable.Private);
        bool IsTold() => PermissionCheck.Faults(workspace).Any(
            fault => fault.Contains(file, StringComparison.Ordinal));
        Assert.False(IsTold());
        FileModes.MakeReadable(file);
        Assert.True(IsTold());
    }

    [Fact]
    public void What_is_published_can_be_read_by_everybody()
    {
        var workspace = made.Original;
        var release = Directory.GetDirectories(Path.Combine(workspace.Corpus, "test")).Single(path =>
            !Path.GetFileName(path).StartsWith('.'));
        foreach (var path in Directory.GetFiles(release, "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/audit/", StringComparison.Ordinal))
            .Concat(Directory.GetFiles(Path.Combine(workspace.Ledger, "tile"), "*",
                SearchOption.AllDirectories)).Append(PublishedCheckpoint.PathIn(workspace)))
            Assert.True(FileModes.IsOpenToOthers(path), path);
    }

    [Fact]
    public void The_times_of_tiles_tell_nobody_when_a_choice_was_made()
    {
        var tiles = Path.Combine(made.Original.Ledger, "tile");
        Assert.All(Directory.GetFiles(tiles, "*", SearchOption.AllDirectories), path =>
            Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path)));
    }

    [Theory]
    [InlineData("workspace.key")]
    [InlineData("ledger.key")]
    [InlineData("vrf.key")]
    public void A_key_that_others_can_read_is_refused_and_the_command_that_mends_it_is_told(string name)
    {
        var workspace = made.Copy();
        var key = Path.Combine(workspace.Keys, name);
        FileModes.MakeReadable(key);
        var refused = Assert.Throws<AvalException>(() => CheckedWorkspace.Build(workspace));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains($"chmod 600 {key}", refused.Message, StringComparison.Ordinal);
        FileModes.MakePrivate(key);
        Assert.Equal(made.Expected, CheckedWorkspace.Build(workspace));
    }
}
