using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>One release, looked at from outside, as a trainer, an officer and a script would.</summary>
public sealed class ReleaseTests : IClassFixture<ReleaseTests.Made>
{
    private readonly Made _made;

    public ReleaseTests(Made made) => _made = made;

    public sealed class Made : IDisposable
    {
        public Made()
        {
            Platform.Write(Path.Combine(Folder, "files"), 20_000);
            Platform.Import(Workspace, Path.Combine(Folder, "files"));
            Report = JsonDocument.Parse(AvalProcess
                .Run(Workspace, "build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--json")
                .Done().Output).RootElement;
            Release = Report.GetProperty("path").GetString()!;
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("aval-release-").FullName;

        public string Workspace => Path.Combine(Folder, "work");

        public JsonElement Report { get; }

        public string Release { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public void A_shard_has_the_columns_of_the_contract_and_no_other() => Assert.Equal(
        "row_key UUID, text VARCHAR, language VARCHAR, kind VARCHAR, service VARCHAR, year INTEGER, media STRUCT(uri "
            + "VARCHAR, sha256 VARCHAR, kind VARCHAR)[]",
        Platform.Ask("SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * "
            + $"FROM '{_made.Release}/shards/b000.parquet')"));

    [Fact]
    public void A_shard_is_ordered_by_language_and_row_key()
    {
        foreach (var shard in Directory.EnumerateFiles(Path.Combine(_made.Release, "shards")))
        {
            Assert.Equal("true", Platform.Ask($"""
                SELECT coalesce(bool_and(before IS NULL OR before < this), true)::VARCHAR
                FROM (SELECT (language, row_key) AS this,
                    lag((language, row_key)) OVER (ORDER BY file_row_number) AS before
                        FROM read_parquet('{shard}', file_row_number = true))
                """));
        }
    }

    [Fact]
    public void Every_file_is_in_the_manifest_with_its_hash()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_made.Release, "manifest.json")));
        var listed = manifest.RootElement.GetProperty("files")
            .EnumerateArray()
            .Concat(manifest.RootElement.GetProperty("audit").EnumerateArray())
            .ToDictionary(
                file => file.GetProperty("path").GetString()!, file => file.GetProperty("sha256").GetString());
        var there = Directory.EnumerateFiles(_made.Release, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_made.Release, file))
            .Where(file =>
                file is not ("manifest.json" or "manifest.sig" or "manifest.tlog-proof" or "authors/checkpoint")
                && !file.StartsWith("authors/tile/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(there, listed.Keys.Order(StringComparer.Ordinal));
        Assert.All(listed, file => Assert.Equal(file.Value, Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_made.Release, file.Key))))));
    }

    [Fact]
    public void The_sums_close_and_agree_with_the_rows()
    {
        using var accounting = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_made.Release, "accounting.json")));
        var root = accounting.RootElement;
        var admitted = root.GetProperty("admitted").GetInt64();
        Assert.Equal(20_000, root.GetProperty("read").GetInt64());
        Assert.Equal(
            20_000, admitted + root.GetProperty("excluded").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.Equal(
            20_000 - admitted,
            root.GetProperty("rules").EnumerateArray().Sum(rule => rule.GetProperty("excluded").GetInt64()));
        Assert.Equal($"{admitted}", Platform.Ask($"SELECT count(*) FROM '{_made.Release}/shards/*.parquet'"));
        Assert.InRange(admitted, 1_000, 15_000);
    }

    [Fact]
    public void No_row_of_an_objector_a_minor_or_a_private_item_is_in_it()
    {
        var lineage = Path.Combine(_made.Workspace, "lineage", "opt-out", Path.GetFileName(_made.Release), "*.parquet");
        var files = Path.Combine(_made.Folder, "files");
        Assert.Equal("0", Platform.Ask($"SELECT count(*) FROM '{lineage}' l JOIN read_csv('{files}/choices.csv') "
            + "c USING (account) WHERE c.kind = 'objection'"));
        Assert.Equal("0", Platform.Ask($"SELECT count(*) FROM '{lineage}' l JOIN '{files}/items.parquet' i USING "
            + "(item_id) WHERE i.audience <> 'public' OR i.service = 'whatsapp'"));
        Assert.Equal("0", Platform.Ask($"SELECT count(*) FROM '{lineage}' l JOIN '{files}/accounts.parquet' a USING "
            + "(account) WHERE a.birth_year IS NULL OR a.birth_year > 2007"));
    }

    [Fact]
    public void Decisions_name_every_item_once_and_agree_with_the_shards()
    {
        foreach (var extension in new[] { "parquet", "csv", "jsonl" })
        {
            var file = Path.Combine(_made.Folder, $"decisions.{extension}");
            AvalProcess.Run(_made.Workspace, "decisions", "opt-out", "--out", file).Done();
            var read = extension switch
            {
                "csv" => $"read_csv('{file}')",
                "jsonl" => $"read_json('{file}')",
                _ => $"'{file}'",
            };
            Assert.Equal(
                "service,item_id,account,decision,reason,rule,rules,row_key,bucket",
                Platform.Ask($"SELECT string_agg(column_name, ',') FROM (DESCRIBE SELECT * FROM {read})"));
            Assert.Equal("20000", Platform.Ask($"SELECT count(DISTINCT item_id) FROM {read}"));
            Assert.Equal("0", Platform.Ask($"SELECT count(*) FROM '{_made.Release}/shards/*.parquet' s FULL JOIN "
                + $"(SELECT * FROM {read} WHERE decision = 'admitted') d ON s.row_key = d.row_key::UUID "
                + "WHERE s.row_key IS NULL OR d.row_key IS NULL"));
            Assert.Equal(
                "0", Platform.Ask($"SELECT count(*) FROM {read} WHERE (decision = 'admitted') <> (reason IS NULL)"));
        }
    }

    [Fact]
    public void Decisions_that_do_not_add_up_are_not_told()
    {
        var copy = Path.Combine(_made.Folder, "copied-release");
        Directory.CreateDirectory(copy);
        foreach (var name in new[] { "manifest.json", "accounting.json" })
            File.Copy(Path.Combine(_made.Release, name), Path.Combine(copy, name), overwrite: true);
        File.WriteAllLines(Path.Combine(copy, "accounting.json"), ["{}"]);
        var answer = AvalProcess.Run(
            _made.Workspace, "decisions", copy, "--out", Path.Combine(_made.Folder, "never.csv"));
        Assert.Equal(1, answer.Exit);
        Assert.Contains("accounting.json", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_made.Folder, "never.csv")));
    }

    [Fact]
    public void Explanations_name_rule_article_and_choice()
    {
        var objector = Platform.Ask($"SELECT account FROM read_csv('{_made.Folder}/files/choices.csv') "
            + "WHERE kind = 'objection' AND account LIKE 'instagram%' LIMIT 1");
        var answer = AvalProcess.Run(_made.Workspace, "explain", objector, "--release", "opt-out").Done().Output;
        Assert.Contains("reason objected, rule objection, GDPR 21(1)", answer, StringComparison.Ordinal);
        Assert.Contains("objection of 2025-06-01T00:00:00.000000Z", answer, StringComparison.Ordinal);

        var admitted = Platform.Ask($"SELECT item_id FROM '{_made.Workspace}/lineage/opt-out/*/b001.parquet' "
            + "WHERE service = 'facebook' LIMIT 1");
        Assert.Contains("shards/b001.parquet", AvalProcess
            .Run(_made.Workspace, "explain", $"item:facebook:{admitted}", "--release", "opt-out")
            .Done().Output, StringComparison.Ordinal);
        Assert.Equal(3, AvalProcess.Run(_made.Workspace, "explain", "item:facebook:no-such").Exit);
    }

    [Fact]
    public void A_build_ahead_of_the_clock_is_refused_and_a_comparison_says_that_it_looks_ahead()
    {
        var refused = AvalProcess.Run(
            _made.Workspace, "build", "--policy", "opt-out", "--as-of", "2999-01-01T00:00:00Z");
        Assert.Equal(4, refused.Exit);
        Assert.Contains("more than a day ahead of the clock", refused.Error, StringComparison.Ordinal);

        string[] compare = ["compare", "opt-out", "opt-in", "--as-of", "2999-01-01T00:00:00Z"];
        Assert.Contains(
            "\nThis looks ahead: it is ", AvalProcess.Run(_made.Workspace, compare).Done().Output,
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(AvalProcess.Run(_made.Workspace, [.. compare, "--json"]).Done().Output);
        Assert.True(json.RootElement.TryGetProperty("ahead_of", out _));
        Assert.DoesNotContain(
            "looks ahead", AvalProcess.Run(_made.Workspace, "compare", "opt-out", "opt-in").Done().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_adds_up()
    {
        var page = Path.Combine(_made.Folder, "compare.html");
        using var comparison = JsonDocument.Parse(AvalProcess
            .Run(_made.Workspace, "compare", "opt-out", "opt-in", "--as-of", Platform.AsOf, "--html", page, "--json")
            .Done().Output);
        var root = comparison.RootElement;
        Assert.Equal(
            20_000, root.GetProperty("moves").EnumerateArray().Sum(move => move.GetProperty("items").GetInt64()));
        Assert.Equal(
            root.GetProperty("admitted_first").GetProperty("items").GetInt64(),
            root.GetProperty("moves")
                .EnumerateArray()
                .Where(move => move.GetProperty("first").GetString() == "admitted")
                .Sum(move => move.GetProperty("items").GetInt64()));
        Assert.Equal(
            _made.Report.GetProperty("accounting").GetProperty("admitted").GetInt64(),
            root.GetProperty("admitted_first").GetProperty("items").GetInt64());
        var html = File.ReadAllText(page);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Contains("</html>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM items", 0)]
    [InlineData("SELECT decision, count(*) FROM decisions GROUP BY ALL", 0)]
    [InlineData("SELECT count(*) FROM shards JOIN choices ON true", 0)]
    [InlineData("SELECT count(*) FROM accounts, notices", 0)]
    [InlineData("DROP TABLE items", 2)]
    [InlineData("SELECT 1; SELECT 2", 2)]
    [InlineData("COPY (SELECT 1) TO '/tmp/aval-never.csv'", 2)]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", 2)]
    [InlineData("SELECT * FROM no_such", 2)]
    [InlineData("", 2)]
    public void Queries_read_and_never_write(string sql, int exit) =>
        Assert.Equal(exit, AvalProcess.Run(_made.Workspace, "query", sql).Exit);

    [Fact]
    public void A_query_cannot_read_the_keys() =>
        Assert.Equal(2, AvalProcess.Run(
            _made.Workspace, "query", $"SELECT * FROM read_text('{_made.Workspace}/keys/workspace.key')").Exit);

    [Theory]
    [InlineData(true, "present", "Present: ")]
    [InlineData(false, "absent", "Absent: ")]
    public void A_proof_is_made_for_an_account_whether_it_is_in_the_release_or_not(
        bool admitted, string verdict, string sentence)
    {
        var account = admitted
            ? Platform.Ask($"SELECT account FROM '{_made.Workspace}/lineage/opt-out/*/b*.parquet' LIMIT 1")
            : "facebook:nobody";
        var file = Path.Combine(_made.Folder, verdict + ".proof");
        var answer =
            AvalProcess.Run(_made.Workspace, "prove", account, "--release", "opt-out", "--out", file).Done().Output;
        Assert.StartsWith(sentence, answer, StringComparison.Ordinal);
        Assert.Contains("does not prove", answer, StringComparison.Ordinal);
        Assert.StartsWith("aval-author-proof/1\nbucket ", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.DoesNotContain(account, File.ReadAllText(file), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(
            AvalProcess.Run(_made.Workspace, "prove", account, "--release", "opt-out", "--out", file, "--json")
                .Done().Output);
        Assert.Equal(verdict, json.RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void An_audit_passes_names_the_changed_file_and_refuses_what_is_no_key()
    {
        Assert.Contains(
            "Each row's account", AvalProcess.Run(_made.Workspace, "audit", "release", "opt-out").Done().Output,
            StringComparison.Ordinal);
        var copy = Path.Combine(_made.Folder, "audited");
        foreach (var file in Directory.EnumerateFiles(_made.Release, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(_made.Release, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        Assert.Equal(3, AvalProcess.Run(_made.Workspace, "audit", "release", copy, "--key", "nonsense").Exit);
        var sidecar = Path.Combine(copy, "authors", "audit", "b001.parquet");
        using (var stream = new FileStream(sidecar, FileMode.Open))
            stream.SetLength(stream.Length - 1);
        var answer = AvalProcess.Run(_made.Workspace, "audit", "release", copy);
        Assert.Equal(1, answer.Exit);
        Assert.Contains("b001.parquet", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_build_again_is_the_same_release()
    {
        var answer =
            AvalProcess.Run(_made.Workspace, "build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--json").Done();
        using var again = JsonDocument.Parse(answer.Output);
        Assert.True(again.RootElement.GetProperty("existed").GetBoolean());
        Assert.Equal(
            _made.Report.GetProperty("release").GetString(), again.RootElement.GetProperty("release").GetString());
    }

    [Fact]
    public void A_policy_is_not_applied_before_its_time()
    {
        var answer = AvalProcess.Run(
            _made.Workspace, "build", "--policy", "opt-out", "--as-of", "2025-05-26T23:59:59Z");
        Assert.Equal(4, answer.Exit);
        Assert.Contains("applies from 2025-05-27", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_checkpoint_honours_fewer_choices()
    {
        using var none = JsonDocument.Parse(AvalProcess
            .Run(_made.Workspace, "build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--at-checkpoint", "0", "--erased-to", "0",
                "--corpus", "none", "--json").Done().Output);
        Assert.Equal(0, none.RootElement.GetProperty("choices_honoured").GetInt64());
        Assert.True(none.RootElement.GetProperty("accounting").GetProperty("admitted").GetInt64()
            > _made.Report.GetProperty("accounting").GetProperty("admitted").GetInt64());
        Assert.Equal(
            2, AvalProcess.Run(_made.Workspace, "build", "--policy", "opt-out", "--at-checkpoint", "999999").Exit);
    }
}
