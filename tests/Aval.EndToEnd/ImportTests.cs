namespace Aval.EndToEnd;

/// <summary>What an import says at its end, and to a script.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-import-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_import_in_which_every_line_was_rejected_is_exit_code_3_and_holds_what_its_lines_name()
    {
        AvalProcess
            .Run(Workspace, "init", "--controller", "Invented Platform Ltd", "--origin", "log.invented.example/aval")
            .Done();
        AvalProcess.Run(
            Workspace, "import", "table", Lines("good.jsonl", Item("public")), "--as", "items", "--observed-at",
            "2025-01-01T00:00:00Z").Done();
        var mixed = AvalProcess.Run(Workspace, "import", "table", Lines(
            "mixed.jsonl", Item("Friends"), "not json",
            Item("public").Replace("\"1\"", "\"2\"", StringComparison.Ordinal)), "--as", "items");
        var bad = AvalProcess.Run(Workspace, "import", "table", Lines("bad.jsonl", Item("Friends")), "--as", "items");
        var again = AvalProcess.Run(Workspace, "import", "table", Path.Combine(_folder, "bad.jsonl"), "--as", "items");

        Assert.Equal((0, 3, 3), (mixed.Exit, bad.Exit, again.Exit));
        Assert.Equal(
            "  2 rejected; 1 items that they name by a readable id are held out (unreadable-update) until a later "
                + "observation reads well.",
            mixed.Output.TrimEnd().Split('\n')[^1]);
        Assert.Contains("Nothing was imported", bad.Output, StringComparison.Ordinal);
        Assert.Contains("observed again", again.Output, StringComparison.Ordinal);
    }

    private string Lines(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        using var file = new StreamWriter(path);
        foreach (var line in lines)
            file.WriteLine(line);
        return path;
    }

    private static string Item(string audience) =>
        $$"""{"item_id": "1", "service": "facebook", "kind": "post", "author": "facebook:100044", "audience": "{{audience}}", "text": "words"}""";
}
