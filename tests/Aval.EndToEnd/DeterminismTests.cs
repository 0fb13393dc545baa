using System.Globalization;

namespace Aval.EndToEnd;

/// <summary>
/// Same inputs, same bytes: threads, locale, time zone, machine and the way content arrived never show.
/// </summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-same-").FullName;
    private static readonly int Items = Environment.GetEnvironmentVariable("AVAL_LONG") is null ? 40_000 : 1_000_000;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Threads_memory_locale_and_time_zone_never_show()
    {
        var first = Built("first", [], "--threads", "1");
        foreach (var (name, environment, options) in new (string, Dictionary<string, string>, string[])[]
        {
            ("threads", [], ["--threads", "2"]),
            ("memory", [], ["--threads", "2", "--memory", "200MB"]),
            ("elsewhere", new() { ["TZ"] = "Pacific/Kiritimati", ["LC_ALL"] = "tr_TR.UTF-8", ["LANG"] = "de_DE.UTF-8" },
                ["--threads", "2"]),
        })
        {
            Assert.Equal(first, Built(name, environment, options));
        }
    }

    [Fact]
    public void Imports_split_shuffled_copied_or_left_in_place_never_show()
    {
        var whole = Built("whole", []);
        var files = Files();

        var split = Workspace("split");
        for (var part = 2; part >= 0; part--)
        {
            var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"part{part}.parquet"));
            Platform.Ask($"COPY (SELECT * FROM '{files}/items.parquet' WHERE hash(item_id) % 3 = {part} "
                + $"ORDER BY hash(item_id || 'x')) TO '{path}' (FORMAT parquet)");
            AvalProcess.Run(split, "import", "table", path, "--as", "items").Done();
        }

        // and all of it once more
        AvalProcess.Run(split, "import", "table", Path.Combine(files, "items.parquet"), "--as", "items").Done();
        Rest(split, files);
        AvalProcess.Run(split, "build", "--policy", "opt-out", "--as-of", Platform.AsOf).Done();
        Assert.Equal(whole, Platform.Bytes(split));

        var inPlace = Workspace("in-place");
        AvalProcess
            .Run(inPlace, "import", "table", Path.Combine(_folder, "part*.parquet"), "--as", "items", "--in-place")
            .Done();
        Rest(inPlace, files);
        AvalProcess.Run(inPlace, "build", "--policy", "opt-out", "--as-of", Platform.AsOf).Done();
        Assert.Equal(whole, Platform.Bytes(inPlace));
    }

    private static void Rest(string workspace, string files)
    {
        AvalProcess.Run(workspace, "import", "table", Path.Combine(files, "notices.parquet"), "--as", "notices").Done();
        AvalProcess.Run(workspace, "import", "table", Path.Combine(files, "accounts.parquet"), "--as", "accounts")
            .Done();
        AvalProcess.Run(workspace, "choose", "--from", Path.Combine(files, "choices.csv")).Done();
    }

    private SortedDictionary<string, string> Built(
        string name, Dictionary<string, string> environment, params string[] options)
    {
        var workspace = Workspace(name);
        Platform.Import(workspace, Files());
        AvalProcess.Run(workspace, environment, ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, .. options])
            .Done();
        return Platform.Bytes(workspace);
    }

    // Every workspace gets the same keys: releases are a function of them too.
    private string Workspace(string name)
    {
        var workspace = Path.Combine(_folder, name);
        var keys = Path.Combine(_folder, "keyring");
        if (!Directory.Exists(keys))
        {
            Directory.CreateDirectory(keys);
            AvalProcess.Run(keys, "init").Done();
        }

        Directory.CreateDirectory(Path.Combine(workspace, "keys"));
        foreach (var key in Directory.EnumerateFiles(Path.Combine(keys, "keys")))
            File.Copy(key, Path.Combine(workspace, "keys", Path.GetFileName(key)));
        if (name is not "first" and not "threads" and not "memory" and not "elsewhere" and not "whole")
            AvalProcess.Run(workspace, "init", "--buckets", "4").Done();
        return workspace;
    }

    private string Files()
    {
        var files = Path.Combine(_folder, "files");
        if (!Directory.Exists(files))
            Platform.Write(files, Items);
        return files;
    }
}
