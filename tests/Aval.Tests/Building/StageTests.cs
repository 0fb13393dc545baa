using System.Text.RegularExpressions;
using Aval.Building;
using Aval.Tests.House;

namespace Aval.Tests.Releases;

/// <summary>The stages of a build are what the documents say.</summary>
public sealed partial class StageTests
{
    [Fact]
    public void The_page_on_stages_lists_those_of_the_program_in_their_order()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "formats", "stages.md"));
        var listed = page[..page.IndexOf("## The plan", StringComparison.Ordinal)].Split('\n')
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(
                row => (row.Groups[1].Value, row.Groups[2].Value.StartsWith("one a bucket", StringComparison.Ordinal)));

        Assert.Equal(Pipeline.Stages.Select(stage => (stage.Name, stage.Partition == Partition.Bucket)), listed);
    }

    [GeneratedRegex("^\\| ([a-z]+) \\| (one[^|]*) \\|")]
    private static partial Regex Row();
}
