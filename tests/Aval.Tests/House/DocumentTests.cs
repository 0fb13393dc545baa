namespace Aval.Tests.House;

/// <summary>The documents as a reader walks through them.</summary>
public sealed class DocumentTests
{
    private const string Index = "docs/README.md";

    [Fact]
    public void Links_in_the_documents_lead_somewhere() =>
        Ratchet.Hold("links in documents lead nowhere", 0, [.. Sources.Files(".", "*.md").SelectMany(DeadLinks)]);

    [Fact]
    public void Every_page_is_reached_from_the_index()
    {
        var (reached, open) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>([Index]));
        while (open.TryDequeue(out var page))
        {
            if (reached.Add(page))
                Links(page).Where(IsOurs).ToList().ForEach(open.Enqueue);
        }

        var lost = Sources.Files("docs", "*.md").Where(page => !reached.Contains(page)).ToArray();
        Assert.True(lost.Length == 0, $"Nobody comes to these pages from {Index}:\n{string.Join('\n', lost)}");
    }

    // Through the pages of docs/ alone: a way round by the first screen or the changelog is not one that is found.
    private static bool IsOurs(string link) =>
        link.StartsWith("docs/", StringComparison.Ordinal) && link.EndsWith(".md", StringComparison.Ordinal);

    private static IEnumerable<string> DeadLinks(string page) =>
        Links(page).Where(link => !Path.Exists(Path.Combine(Sources.Root, link))).Select(link => $"{page}: {link}");

    // The files and folders that a page links to, as paths from the root.
    private static IEnumerable<string> Links(string page)
    {
        var path = Path.Combine(Sources.Root, page);
        return Targets(File.ReadAllText(path))
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !link.StartsWith("mailto:", StringComparison.Ordinal))
            .Select(link => link.Split('#')[0]).Where(link => link.Length > 0)
            .Select(link => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, link)))
            .Select(link => Path.GetRelativePath(Sources.Root, link));
    }

    private static IEnumerable<string> Targets(string markdown)
    {
        foreach (var behind in markdown.Split("](").Skip(1))
        {
            if (behind.IndexOf(')', StringComparison.Ordinal) is > 0 and var end)
                yield return behind[..end];
        }
    }
}
