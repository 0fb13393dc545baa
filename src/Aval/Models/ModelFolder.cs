using System.Collections.Concurrent;
using Aval.Storage;

namespace Aval.Models;

/// <summary>A trained reference model on disk: what it states, and the files that it is made of.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Statement">Its <c>model.json</c>.</param>
internal sealed record ModelFolder(string Path, ModelStatement Statement)
{
    /// <summary>The folders that each has below its own.</summary>
    public static readonly string[] Parts = ["counts", "merged", "tables"];

    private readonly ConcurrentDictionary<string, Lazy<KneserNey>> _tables = new(StringComparer.Ordinal);

    /// <summary>Opens a model of a workspace by its name, or one in any folder by its path.</summary>
    /// <exception cref="AvalException">Usage: there is none. Bad input: a file of it is not the one that it
    /// states.</exception>
    public static ModelFolder Open(Workspace workspace, string name)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(name);
        var here = Of(workspace, name);
        var folder = File.Exists(System.IO.Path.Combine(here, ModelStatement.FileName)) ? here
            : System.IO.Path.GetFullPath(name);
        if (!File.Exists(System.IO.Path.Combine(folder, ModelStatement.FileName)))
            throw AvalException.Usage($"\"{Shown.Of(name)}\" is no reference model: there is no {here}. Nothing was "
                + "done. See: aval model list, aval model train --help");
        return new ModelFolder(folder, ModelStatement.Read(folder));
    }

    /// <summary>Where a workspace's model of a name lies.</summary>
    public static string Of(Workspace workspace, string name) => System.IO.Path.Combine(
        workspace.Models, name.Contains('/', StringComparison.Ordinal) ? "-" : name);

    /// <summary>Reads the table of a language: its own, or that of what has none.</summary>
    /// <exception cref="AvalException">Usage: there is neither. Bad input: the file is not what was stated.</exception>
    public KneserNey Read(string language)
    {
        var table = TableOf(language) ?? throw AvalException.Usage(
            $"{Path}: there is no text of \"{Shown.Of(language)}\" in this model, and none whose language was not "
            + $"known. Nothing was done. It has: {string.Join(", ", Statement.Tables.Keys)}.");
        return _tables.GetOrAdd(table, name => new Lazy<KneserNey>(() => TableFile.Read(
            Require(TablePath(name)), Statement.Form))).Value;
    }

    /// <summary>The language whose table speaks for a language; null = none does.</summary>
    public string? TableOf(string language) =>
        Statement.Languages.TryGetValue(language, out var known) ? known.Table
        : Statement.Tables.ContainsKey(ModelStatement.Undetermined) ? ModelStatement.Undetermined : null;

    /// <summary>Where the counts of a shard lie, relative to the folder.</summary>
    public static string CountPath(string shard) =>
        $"counts/{System.IO.Path.GetFileNameWithoutExtension(shard)}.counts";

    /// <summary>Where a language's counts of all shards lie, relative to the folder.</summary>
    public static string MergedPath(string language) => $"merged/{language}.counts";

    /// <summary>Where a language's probabilities lie, relative to the folder.</summary>
    public static string TablePath(string language) => $"tables/{language}.ngrams";

    /// <summary>The full path of a file, which is the one that is stated.</summary>
    /// <exception cref="AvalException">Bad input: it is not.</exception>
    public string Require(string file)
    {
        var path = System.IO.Path.Combine(Path, file);
        var stated = Statement.Files.FirstOrDefault(one => one.Path == file);
        return stated is not null && HashedFile.Is(path, stated.Sha256)
            ? path
            : throw AvalException.BadInput($"{path}: expected the file with SHA-256 {stated?.Sha256}, which "
                + $"{ModelStatement.FileName} states, and another one, or none, is here. Nothing was done. Train the "
                + "model again, or restore it from your backup.");
    }
}
