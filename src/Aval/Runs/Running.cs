using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Aval.Leases;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>What to run.</summary>
/// <param name="Release">As on the command line.</param>
/// <param name="Command">The trainer, word by word.</param>
internal sealed record RunRequest(string? Release, IReadOnlyList<string> Command)
{
    /// <summary>What people call it; null = its id.</summary>
    public string? Name { get; init; }

    /// <summary>The folder of an export of the release; null = the shards are read.</summary>
    public string? Export { get; init; }

    /// <summary>The folder into which the trainer writes its model; null = it makes none.</summary>
    public string? Model { get; init; }

    /// <summary>The models that it begins with.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>The model in whose place the new one stands from now on.</summary>
    public string? Replaces { get; init; }

    /// <summary>A seed for the trainer.</summary>
    public string? Seed { get; init; }

    /// <summary>Where OpenLineage's events go: a file, or an http(s) address; null = nowhere.</summary>
    public string? OpenLineage { get; init; }

    /// <summary>The file of the model that states all others by their hashes; null = each is stated.</summary>
    public string? Index { get; init; }
}

/// <summary>What is done with a release once the gate has let it through.</summary>
/// <param name="release">The release.</param>
/// <param name="surroundings">What a trainer finds in its environment.</param>
/// <returns>The code with which it ended; null = it could not be started, and why.</returns>
internal delegate (int? Exit, string? Why) RunWork(
    VerifiedRelease release, IReadOnlyDictionary<string, string> surroundings);

/// <summary>How a run ended.</summary>
/// <param name="Begun">What was stated when it began.</param>
/// <param name="Ended">What was stated when it ended.</param>
/// <param name="Model">The model that it made; null = none.</param>
/// <param name="Why">Why its command could not be started; null = it was.</param>
internal sealed record RunOutcome(Registered Begun, Registered Ended, Registered? Model, string? Why);

/// <summary>
/// A gate around any trainer. That a run was begun is in the ledger before its command is started, so a run that is
/// killed, and this process with it, is on record; whoever writes the register next adds that nobody knows its end.
/// </summary>
internal static class Running
{
    /// <summary>Asks the gate, starts the command, and writes down what came of it.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="request">What to run.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">How much of the machine the gate may use.</param>
    /// <param name="warn">Told what went wrong beside the run: events that nobody took.</param>
    /// <exception cref="AvalException">Refused by the gate. Usage: a folder is in the way, or not there. Bad input: the
    /// export is not the one that was made.</exception>
    public static RunOutcome Run(
        Workspace workspace, RunRequest request, TimeProvider clock, EngineLimits limits, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(
            workspace, request, CodeOf.Folder(Environment.CurrentDirectory), clock, limits, warn,
            (_, surroundings) => Trainer.Run(request.Command, surroundings));
    }

    /// <summary>The same for work of any kind.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="request">What to run.</param>
    /// <param name="code">The commit of the code; null = it is under no git.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">How much of the machine the gate may use.</param>
    /// <param name="warn">Told what went wrong beside the run.</param>
    /// <param name="work">What is done; when it throws, the run has ended with that code, and so it is stated.</param>
    public static RunOutcome Run(
        Workspace workspace, RunRequest request, string? code, TimeProvider clock, EngineLimits limits,
        Action<string> warn, RunWork work)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(work);
        var model = request.Model is { } folder ? RequireEmpty(folder) : null;
        _ = Settle(workspace, clock);
        var models = RegisteredModels.Of(Register.Read(workspace));
        foreach (var from in request.From.Concat(request.Replaces is { } replaced ? [replaced] : []))
            models.Require(from, "Nothing was started.");
        var now = clock.UtcNow();
        var passed = RunGate.Require(workspace, request.Release, now, limits);
        var export = request.Export is { } there ? RequireExport(workspace, passed.Release, there) : null;
        var id = IdOf(passed.Release, request.Name, now);
        if (model is not null)
            models.RequireNew(request.Name ?? id, "Nothing was started.");
        FileModes.MakePrivateFolder(UnderWay(workspace));
        using var held = FileLock.Acquire(LockOf(workspace, id), $"the run {id}", TimeSpan.Zero);
        var begun = Register.Enter(workspace, register =>
        {
            // From here on nobody else takes the name.
            if (model is not null)
                RegisteredModels.Of(register).RequireNew(request.Name ?? id, "Nothing was started.");
            return new RunBegun(
                now, id, request.Name ?? id, passed.Release.Name, passed.Release.ManifestSha256, export?.Export,
                request.Command, code, ProcessIdentity.Own.Host, request.Seed,
                request.From, passed.Unhonoured)
            {
                Subjects = [passed.Release.Subject],
            };
        });
        var lineage = new OpenLineage(request.OpenLineage, (RunBegun)begun.Stated, warn);
        lineage.Begin();
        var (exit, why, thrown) = Work(work, passed.Release, Surroundings(request, passed.Release, id, model));
        var files = model is not null && exit is not null ? FilesOf(model, request.Index) : [];
        // What a trainer that failed left behind was made of the same rows. Before the end: a run that is killed in
        // between is found without one, and its model is not lost.
        var made = files.Count == 0 ? null : Register.Enter(workspace, new ModelRegistered(
            clock.UtcNow(), request.Name ?? id, id, [], request.From,
            request.From.Count > 0 ? Derivation.FineTune : null, request.Replaces)
        {
            Subjects = files,
        });
        var ended = Register.Enter(workspace, new RunEnded(clock.UtcNow(), id, Trainer.EndingOf(exit), exit)
        {
            Subjects = files.Count > 0 ? files : [passed.Release.Subject],
        });
        lineage.End((RunEnded)ended.Stated, files);
        File.Delete(LockOf(workspace, id));
        thrown?.Throw();
        return new RunOutcome(begun, ended, made, why);
    }

    /// <summary>
    /// Adds to the register that runs were killed whose process is gone and whose end nobody wrote down.
    /// </summary>
    /// <returns>The ids of these runs.</returns>
    public static IReadOnlyList<string> Settle(Workspace workspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var all = Register.Read(workspace);
        var ended = all.Select(one => one.Stated).OfType<RunEnded>().Select(run => run.Run)
            .ToHashSet(StringComparer.Ordinal);
        var settled = new List<string>();
        foreach (var run in all.Where(one => one.Stated is RunBegun begun && !ended.Contains(begun.Run)))
        {
            var begun = (RunBegun)run.Stated;
            FileModes.MakePrivateFolder(UnderWay(workspace));
            // Whoever watches over a run has its lock for as long as it lives.
            using var held = FileLock.TryAcquire(LockOf(workspace, begun.Run));
            if (held is null)
                continue;
            Register.Enter(workspace, new RunEnded(clock.UtcNow(), begun.Run, RunEnding.Killed, Exit: null)
            {
                Subjects = begun.Subjects,
            });
            File.Delete(LockOf(workspace, begun.Run));
            settled.Add(begun.Run);
        }

        return settled;
    }

    /// <summary>The files of a model's folder with their hashes, by name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="index">The one that states all others; null = all.</param>
    public static IReadOnlyList<StatedFile> FilesOf(string folder, string? index = null) =>
    [
        .. Directory.EnumerateFiles(folder, index ?? "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new StatedFile(file.Name, HashOf(file.Path))),
    ];

    private static (int? Exit, string? Why, ExceptionDispatchInfo? Thrown) Work(
        RunWork work, VerifiedRelease release, Dictionary<string, string> surroundings)
    {
        try
        {
            var (exit, why) = work(release, surroundings);
            return (exit, why, null);
        }
        catch (Exception failed) when (failed is AvalException or IOException or UnauthorizedAccessException)
        {
            var code = failed is AvalException known ? known.Exit : ExitCode.BadInput;
            return ((int)code, failed.Message, ExceptionDispatchInfo.Capture(failed));
        }
    }

    private static string UnderWay(Workspace workspace) => Path.Combine(workspace.Runs, "under-way");

    private static string LockOf(Workspace workspace, string run) => Path.Combine(UnderWay(workspace), $"{run}.lock");

    private static string HashOf(string path)
    {
        using var file = new HashedFile(path);
        return file.ReadHash();
    }

    // What lies there already was not made by this run.
    private static string RequireEmpty(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw AvalException.Usage($"{full}: expected an empty folder for the model, or none, but something is here "
                + "that this run did not make. Nothing was started. Name another one with --model.");
        Directory.CreateDirectory(full);
        return full;
    }

    private static ExportMade RequireExport(Workspace workspace, VerifiedRelease release, string folder)
    {
        var full = Path.GetFullPath(folder);
        var path = Path.Combine(full, Exporting.StatementFile);
        if (!File.Exists(path))
            throw AvalException.Usage($"{full}: no {Exporting.StatementFile} here, so this is no export. Nothing was "
                + "started.");
        var sha = HashOf(path);
        var made = Register.Read(workspace)
            .Where(one => HashedFile.Is(Register.FileOf(workspace, one.Sha256), sha))
            .Select(one => one.Stated).OfType<ExportMade>().FirstOrDefault()
            ?? throw AvalException.Refused($"{path}: this export is not in the register of this workspace. Nothing was "
                + "started. Export the release again.");
        if (made.Manifest != release.ManifestSha256)
            throw AvalException.Refused($"{full}: this is an export of {made.Release}, and the run is of "
                + $"{release.Name}. Nothing was started.");
        foreach (var file in made.Subjects.Where(file => !HashedFile.Is(Path.Combine(full, file.Name), file.Sha256)))
            throw AvalException.Refused($"{Path.Combine(full, file.Name)}: this is not the file that was exported, or "
                + "it is gone. Nothing was started. Export the release again.");
        return made;
    }

    private static Dictionary<string, string> Surroundings(
        RunRequest request, VerifiedRelease release, string id, string? model)
    {
        var data = request.Export is { } export ? Path.GetFullPath(Path.Combine(export, "data"))
            : Path.Combine(release.Folder, "shards");
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AVAL_RUN"] = id,
            ["AVAL_RELEASE"] = release.Name,
            ["AVAL_MANIFEST"] = Path.Combine(release.Folder, Corpus.Manifest.FileName),
            ["AVAL_DATA"] = data,
            ["AVAL_SHARDS"] = Path.Combine(release.Folder, "shards"),
        };
        if (model is not null)
            all["AVAL_MODEL"] = model;
        if (request.Seed is { } seed)
            all["AVAL_SEED"] = seed;
        return all;
    }

    private static string IdOf(VerifiedRelease release, string? name, DateTimeOffset now) => string.Concat(
        "run-", now.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), "-",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{release.ManifestSha256}\n{now.ToText()}\n{ProcessIdentity.Own}\n{name}")))[..8]);
}
