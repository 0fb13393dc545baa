using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// The files left in place that relations of an engine read. Each is held against its hash when the SQL is made, and
/// read whenever that is run, which may be hours later: whoever makes something lasting of what was read looks once
/// more when all of it is.
/// </summary>
internal sealed class PlacedFiles
{
    private readonly HashSet<(string ImportId, SourceFile File)> _read = [];

    /// <summary>Notes that an engine reads an import's files.</summary>
    public static void Note(Engine engine, ImportRecord record)
    {
        ArgumentNullException.ThrowIfNull(engine);
        if (engine.Left<PlacedFiles>() is not { } placed)
            engine.Leave(placed = new PlacedFiles());
        placed._read.UnionWith(record.Files.Select(file => (record.ImportId, file)));
    }

    /// <summary>Requires that all of them are still what they were: of a file that nobody touched this asks the file
    /// system for its times alone.</summary>
    /// <param name="engine">Which has read them.</param>
    /// <param name="workspace">Whose content.</param>
    /// <exception cref="AvalException">Bad input: one has changed since, or is gone.</exception>
    public static void RequireUnchanged(Engine engine, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(engine);
        if (engine.Left<PlacedFiles>() is not { } placed)
            return;
        var checks = ContentChecks.Open(workspace);
        foreach (var (import, file) in placed._read)
        {
            if (checks.PlacedFault(import, file) is { } fault)
                throw AvalException.BadInput($"{fault} It changed while this command read it, so nothing was made of "
                    + "what was read. Restore the file as it was, or import the newer one as a file of its own, and "
                    + "run the command again.");
        }

        checks.Keep();
    }
}
