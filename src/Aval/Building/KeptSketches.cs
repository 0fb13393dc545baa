using System.Text.Json;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// What <em>sketch</em> and <em>match</em> found for a corpus's last release, kept beside its lineage for the next one,
/// in a folder that is laid out as a build's working folder is: the sketches of a bucket are those of every build that
/// makes them from the same (<see cref="SketchStage"/>), and what two texts share is the same whoever asks. What
/// somebody else wrote there, or another version of the program, is not believed, and is made again.
/// </summary>
internal static class KeptSketches
{
    private const string ComparedName = "compared.parquet", SealName = "compared.json";

    // Another way to compare would tell of other numbers.
    private const string Version = "compared/1";

    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Where it lies.</summary>
    public static string Of(Workspace workspace, CorpusName corpus) =>
        Path.Combine(workspace.Lineage, corpus.Text, DroppedRelease.SketchedFolder);

    /// <summary>A relation: what pairs of texts share; null = that is not known.</summary>
    public static string? Compared(string kept, byte[] seal) =>
        SealedFile.Read(In(kept, SealName), seal) is { } content
            && JsonSerializer.Deserialize<Seal>(content, Options) is { } told
            && told == new Seal(Version, EngineVersion.Program, told.Sha256)
            && HashedFile.Is(In(kept, ComparedName), told.Sha256)
            ? ParquetFiles.Rows(In(kept, ComparedName))
            : null;

    /// <summary>Leaves what pairs of texts share in a working folder.</summary>
    public static void Compare(Engine engine, string working, string compared, byte[] seal)
    {
        var file = In(working, ComparedName);
        var unfinished = $"{file}.{Guid.NewGuid():N}{BuildFolder.Unfinished}";
        engine.Execute($"COPY ({compared}) TO {Engine.Literal(unfinished)} (FORMAT parquet, COMPRESSION zstd)");
        File.Move(unfinished, file, overwrite: true);
        Durable.FlushFile(file);
        using var hashed = new HashedFile(file);
        SealedFile.Write(
            In(working, SealName),
            JsonSerializer.SerializeToUtf8Bytes(new Seal(Version, EngineVersion.Program, hashed.ReadHash()), Options),
            seal);
    }

    /// <summary>Keeps what a build of a release left in its working folder, and nothing of what was before.</summary>
    /// <param name="working">The working folder.</param>
    /// <param name="kept">Where it is kept.</param>
    /// <param name="plan">The build's plan; null = its policy compares nothing.</param>
    public static void Keep(string working, string kept, BuildPlan? plan)
    {
        if (plan is null)
        {
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
            return;
        }

        string[] names =
        [
            .. plan.Parts.SelectMany(part => SketchStage.FilesOf(working, part.Bucket)), In(working, ComparedName),
            In(working, SealName),
        ];
        names = [.. names.Where(File.Exists).Select(path => Path.GetRelativePath(working, path))];
        foreach (var name in names)
            Link(Path.Combine(working, name), Path.Combine(kept, name));
        var known = names.ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(kept)
            ? Directory.GetFiles(kept, "*", SearchOption.AllDirectories).Where(file =>
                !known.Contains(Path.GetRelativePath(kept, file)))
            : [])
            File.Delete(file);
        if (Directory.Exists(kept))
            FileModes.MakeAllPrivate(kept);
    }

    private static void Link(string from, string to)
    {
        if (FileIdentity.Of(to) is { } identity && identity == FileIdentity.Of(from))
            return;
        FileModes.MakePrivateFolder(Path.GetDirectoryName(to)!);
        Durable.LinkOrCopy(from, to);
    }

    private static string In(string folder, string name) => Path.Combine(folder, SketchStage.FolderName, name);

    private sealed record Seal(string Version, string Engine, string Sha256);
}
