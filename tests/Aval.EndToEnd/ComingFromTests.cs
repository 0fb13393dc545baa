using System.Text.RegularExpressions;

namespace Aval.EndToEnd;

/// <summary>The pages on coming from other tools: their files, mappings and commands, as they stand there.</summary>
public sealed partial class ComingFromTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-coming-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("fides", "facebook:100044000000001", true)]
    [InlineData("fides", "facebook:100044000000003", false)]
    [InlineData("transcend", "facebook:100044000000001", true)]
    [InlineData("transcend", "facebook:100044000000002", false)]
    [InlineData("onetrust", "facebook:100044000000002", true)]
    [InlineData("onetrust", "facebook:100044000000004", false)]
    [InlineData("spreadsheet", "facebook:100044000000001", true)]
    [InlineData("spreadsheet", "instagram:zoe.invented", true)]
    public void What_a_page_says_can_be_done_and_protects_whom_it_says(string page, string account, bool objects)
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "coming-from", $"{page}.md"));
        foreach (Match file in Files().Matches(text))
            File.WriteAllLines(Path.Combine(_folder, file.Groups["name"].Value), Lines(file.Groups["content"].Value));
        var steps = Steps().Matches(text);
        Assert.NotEmpty(steps);

        foreach (Match step in steps)
        {
            var said = string.Concat(Lines(step.Groups["commands"].Value)
                .Select(command => AvalProcess.RunIn(_folder, command.Split(' ')[1..]).Done().Output));
            Assert.All(
                Lines(step.Groups["output"].Value), line => Assert.Contains(line, said, StringComparison.Ordinal));
        }

        var stance = AvalProcess.RunIn(_folder, "stance", account).Done().Output;
        Assert.Equal(objects, stance.Contains("objection of 2025-05-", StringComparison.Ordinal));
    }

    private static string[] Lines(string block) => block.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Aval.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(
        @"^\*\*(?<name>[a-z.-]+)\*\*\n```[a-z]+\n(?<content>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Files();

    [GeneratedRegex(
        @"^```sh\n(?<commands>.*?)^```\n```text\n(?<output>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Steps();
}
