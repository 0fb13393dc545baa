using System.Security.Cryptography;
using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>An order as whoever has to obey it meets it.</summary>
public sealed class OrderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-order-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_served_stops_a_build_and_an_export_and_names_itself_until_it_is_lifted()
    {
        Platform.Write(Path.Combine(_folder, "files"), 200);
        Platform.Import(Workspace, Path.Combine(_folder, "files"));
        string[] build = ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--corpus", "one"];
        AvalProcess.Run(Workspace, build).Done();
        var document = Path.Combine(_folder, "document.txt");
        File.WriteAllLines(document, ["It is ordered."]);
        var file = Path.Combine(_folder, "order.yaml");
        File.WriteAllLines(file, [
            "by: court", "name: Fictional Court", "file: 15 UKl 2/25",
            $"document: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(document)))}",
            "from: 2025-05-27", "text: No training on what users published.",
            "effects: [{effect: stop, services: [facebook]}]",
        ]);

        Assert.Equal(3, AvalProcess.Run(Workspace, "order", "serve", file, "--document", file).Exit);
        var served = AvalProcess.Run(Workspace, "order", "serve", file, "--document", document, "--json").Done();
        using var order = JsonDocument.Parse(served.Output);
        var entry = $"{order.RootElement.GetProperty("entry").GetInt64()}";
        foreach (var stopped in new[] { [.. build, "--protect-until", "2026-01-16T00:00:00Z"], Export("first") })
        {
            var refused = AvalProcess.Run(Workspace, stopped);
            Assert.Equal(4, refused.Exit);
            Assert.Contains("Fictional Court, file 15 UKl 2/25", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"ledger entry {entry}", refused.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(_folder, "first")));
        AvalProcess.Run(Workspace, "recall", "--corpus", "one").Done();
        Assert.Equal(2, AvalProcess.Run(Workspace, "order", "lift", entry, "--because", " ").Exit);
        AvalProcess.Run(Workspace, "order", "lift", entry, "--because", "The court, on 3 July").Done();
        AvalProcess.Run(Workspace, Export("second")).Done();
        Assert.Contains("lifted", AvalProcess.Run(Workspace, "order", "list").Done().Output, StringComparison.Ordinal);
        AvalProcess.Run(Workspace, "check").Done();
    }

    [Fact]
    public void An_order_to_stop_what_nobody_knows_says_so()
    {
        AvalProcess.RunIn(_folder, "init", Workspace).Done();
        string Serve(string file, string effect) =>
            AvalProcess.Run(Workspace, "order", "serve", Order(file, effect)).Done().Output;

        Assert.Contains(
            "until that comes: the service myspace (policies that name no services are stopped all the same); "
                + "the policy optout; the corpus opt-outs.",
            Serve("15 UKl 2/25", "{effect: stop, policies: [optout], corpora: [opt-outs], services: [myspace]}"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "does not know", Serve("16 UKl 2/25", "{effect: stop, policies: [opt-out], corpora: [opt-in]}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_names_what_nobody_knows_is_recorded_and_says_so_until_it_comes()
    {
        AvalProcess.RunIn(_folder, "init", Workspace).Done();
        Import(Post("1", "facebook", "facebook:100044"));
        File.WriteAllLines(Path.Combine(_folder, "annex.txt"), ["facebook:100044", "facebook:100045"]);
        var file = Order(
            "15 UKl 2/25", "{effect: exclude, authors: annex.txt}", "{effect: delete, services: [facebook, myspace]}",
            "{effect: suspend-release, releases: [eu/20250527T000000Z-0123456789ab]}");
        using (var json = JsonDocument.Parse(
            AvalProcess.Run(Workspace, "order", "serve", file, "--json").Done().Output))
        {
            var unmatched = json.RootElement.GetProperty("unmatched");
            Assert.Equal(1, unmatched.GetProperty("authors").GetInt64());
            var named = Assert.Single(unmatched.GetProperty("named").EnumerateArray());
            Assert.Equal("facebook:100045", named.GetProperty("account").GetString());
            Assert.Equal("facebook:100044", named.GetProperty("nearest")[0].GetString());
            Assert.Equal("myspace", unmatched.GetProperty("services")[0].GetString());
            Assert.Equal(
                "eu/20250527T000000Z-0123456789ab", unmatched.GetProperty("releases")[0].GetString());
        }

        var told = AvalProcess.Run(
            Workspace, "order", "serve", Order("16 UKl 2/25", "{effect: exclude, authors: annex.txt}")).Done().Output;
        Assert.Contains("does nothing there until that comes: 1 of 2 listed authors.", told, StringComparison.Ordinal);
        Assert.Contains("facebook:100045  (did you mean facebook:100044?)", told, StringComparison.Ordinal);
        Assert.Contains("aval order unmatched", told, StringComparison.Ordinal);
        var sound = AvalProcess.Run(
            Workspace, "order", "serve", Order("17 UKl 2/25", "{effect: exclude, services: [facebook]}")).Done().Output;
        Assert.DoesNotContain("does not know", sound, StringComparison.Ordinal);

        var listed = AvalProcess.Run(Workspace, "order", "unmatched").Done().Output;
        Assert.Contains("2 orders name what this workspace does not know", listed, StringComparison.Ordinal);
        Assert.Contains("file 15 UKl 2/25", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("file 17 UKl 2/25", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("facebook:100045", listed, StringComparison.Ordinal);
        var warned = AvalProcess.Run(Workspace, "build", "--policy", "opt-out").Done().Error.Split('\n')
            .Where(line => line.Contains("names what this workspace does not know", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(2, warned.Length);
        Assert.Contains("file 15 UKl 2/25", warned[0], StringComparison.Ordinal);
        Assert.Contains("the service myspace", warned[0], StringComparison.Ordinal);
        Assert.Contains(
            "facebook:100045  (did you mean facebook:100044?)",
            AvalProcess.Run(Workspace, "order", "unmatched", "--authors", Path.Combine(_folder, "annex.txt")).Done()
                .Output,
            StringComparison.Ordinal);
        Import(Post("2", "facebook", "facebook:100045"));
        using (var later = JsonDocument.Parse(AvalProcess.Run(Workspace, "order", "unmatched", "--json").Done().Output))
            Assert.Equal(1, later.RootElement.GetProperty("unmatched").GetInt64());
        AvalProcess.Run(Workspace, "order", "lift", "0", "--because", "The court").Done();
        Assert.Contains(
            "every order names what this workspace knows",
            AvalProcess.Run(Workspace, "order", "unmatched").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_order_to_delete_may_mean_and_nobody_can_tell_is_counted_where_it_is_carried_out()
    {
        AvalProcess.RunIn(_folder, "init", Workspace).Done();
        Import(
            Post("1", "facebook", "facebook:ann"), Post("2", "facebook", "facebook:bea"),
            Post("3", "facebook", "facebook:cid"));
        ImportAs(
            "accounts", """{"account":"facebook:ann","country":"AT"}""",
            """{"account":"facebook:bea","country":"DE"}""");
        AvalProcess.Run(Workspace, "order", "serve", Order("1", "{effect: delete, countries: [AT]}")).Done();
        foreach (var dry in new[] { true, false })
        {
            string[] erase = ["erase", .. dry ? ["--dry-run"] : Array.Empty<string>()];
            var told = AvalProcess.Run(Workspace, [.. erase, .. dry ? [] : new[] { "--json" }]).Done().Output;
            if (dry)
            {
                Assert.Contains("file 1", told, StringComparison.Ordinal);
                Assert.Contains(": 1 items; of 1 more it is not known", told, StringComparison.Ordinal);
                continue;
            }

            using var json = JsonDocument.Parse(told);
            var share = Assert.Single(json.RootElement.GetProperty("erasures").EnumerateArray());
            Assert.Equal(
                (1, 1), (share.GetProperty("items").GetInt64(), share.GetProperty("undecided").GetInt64()));
        }

        // Nothing is left that it is known to cover, and what may be covered is still counted.
        Assert.Contains(
            ": 0 items; of 1 more it is not known", AvalProcess.Run(Workspace, "erase", "--dry-run").Done().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Whom_a_list_names_is_found_though_the_service_was_said_to_write_its_ids_otherwise_since()
    {
        AvalProcess.RunIn(_folder, "init", Workspace).Done();
        var settings = Path.Combine(Workspace, "aval.yaml");
        var before = File.ReadAllText(settings);
        File.WriteAllLines(Path.Combine(_folder, "annex.txt"), ["myspace:Ann", "myspace:bea"]);
        AvalProcess.Run(Workspace, "order", "serve", Order("1", "{effect: exclude, authors: annex.txt}")).Done();
        Assert.Contains("services: {", before, StringComparison.Ordinal);
        // Of other ids nobody can tell who was meant.
        State("{ids: number, canonical: as-is}");
        Import(Post("0", "myspace", "myspace:100044"));
        var refused = AvalProcess.Run(Workspace, "build", "--policy", "opt-out");
        Assert.Equal(3, refused.Exit);
        Assert.Contains("Serve it again: aval order lift 0", refused.Error, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(Workspace, "content"), recursive: true);
        AvalProcess.Run(Workspace, "import", "start-over").Done();
        State("{ids: text, canonical: lower-case}");
        Import(
            Post("1", "myspace", "myspace:ANN"), Post("2", "myspace", "myspace:bea"),
            Post("3", "myspace", "myspace:cid"));
        ImportAs(
            "accounts", """{"account":"myspace:ann","birth_year":1980}""",
            """{"account":"myspace:bea","birth_year":1980}""", """{"account":"myspace:cid","birth_year":1980}""");
        AvalProcess.Run(Workspace, "build", "--policy", "opt-out").Done();
        var accounting = Directory.GetFiles(
            Path.Combine(Workspace, "corpus"), "accounting.json", SearchOption.AllDirectories).Single();
        using (var counted = JsonDocument.Parse(File.ReadAllBytes(accounting)))
            Assert.Equal(2, counted.RootElement.GetProperty("excluded").GetProperty("ordered").GetInt64());
        var check = AvalProcess.Run(Workspace, "check");
        Assert.Contains("ids of myspace", check.Output + check.Error, StringComparison.Ordinal);

        void State(string form) => File.WriteAllLines(
            settings, [before.Replace("services: {", $"services: {{myspace: {form}, ", StringComparison.Ordinal)]);
    }

    private string Order(string number, params string[] effects)
    {
        var file = Path.Combine(_folder, $"order-{number.Split(' ')[0]}.yaml");
        File.WriteAllLines(file, [
            "by: self", "name: Fictional Court", $"file: \"{number}\"", "from: 2025-05-27", "text: It is ordered so.",
            "effects:", .. effects.Select(effect => $"  - {effect}"),
        ]);
        return file;
    }

    private static string Post(string id, string service, string author) =>
        $$"""{"item_id":"{{id}}","service":"{{service}}","kind":"post","author":"{{author}}","audience":"public","""
            + $$""" "created_at":"2024-03-04T05:06:07Z","text":"words of {{id}}"}""";

    private void Import(params string[] lines) => ImportAs("items", lines);

    private void ImportAs(string kind, params string[] lines)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.jsonl");
        File.WriteAllLines(file, lines);
        AvalProcess.Run(Workspace, "import", "table", file, "--as", kind).Done();
    }

    private string[] Export(string name) =>
        ["export", "one", "--to", Path.Combine(_folder, name), "--recipient", "a trainer", "--format", "jsonl"];
}
