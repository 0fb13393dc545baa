namespace Aval.EndToEnd;

/// <summary><c>aval import instagram</c> as its users see it.</summary>
public sealed class ExportImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_label_that_nobody_knows_is_named_with_what_to_do_and_nothing_under_it_comes_in()
    {
        Write("personal_information/personal_information/personal_information.json", """
            {"profile_user": [{"string_map_data": {"Username": {"value": "jurate.invented"}}}]}
            """);
        Write("your_instagram_activity/media/posts.json", """
            [{"timestamp": 1700000000, "label_values": [{"label": "Gef\u00c3\u00bchl", "value": "feeling grateful"}]},
             {"timestamp": 1700000001, "label_values": [{"label": "Media", "media": [{"uri": "a.jpg", "title": "Hello"}]}]}]
            """);
        AvalProcess.RunIn(_folder, "init", "work").Done();

        var said = AvalProcess
            .Run(Path.Combine(_folder, "work"), "import", "instagram", Path.Combine(_folder, "export"))
            .Done().Output;

        Assert.Contains("1 rows: 1 new", said, StringComparison.Ordinal);
        Assert.Contains(
            "left out: 1 values under the label \"Gefühl\", which is not known to hold anybody's words (", said,
            StringComparison.Ordinal);
        Assert.Contains("  Nothing under these labels was imported. Where one holds what people wrote, report its name "
            + "and language", said, StringComparison.Ordinal);
        Assert.DoesNotContain("grateful", said, StringComparison.Ordinal);
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(_folder, "export", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, [content]);
    }
}
