using System.Globalization;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Models;

/// <summary>A reference model to be trained.</summary>
/// <param name="Release">As on the command line.</param>
/// <param name="Name">Its name, which no other model has; null = one after the release's corpus.</param>
/// <param name="Form">How it reads and counts.</param>
/// <param name="Least">Bytes of text that a language has before it gets a table of its own.</param>
internal sealed record TrainingRequest(string? Release, string? Name, ModelForm Form, long Least = 16_384);

/// <summary>A reference model that was made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Run">What was stated.</param>
/// <param name="Times">How long each part took.</param>
internal sealed record Trained(string Name, ModelFolder Folder, RunOutcome Run, ModelTimes Times);

/// <summary>
/// Trains a reference model, and makes it unlearn. Either is a run like any other: the gate is asked, and what came of
/// it is signed and in the ledger.
/// </summary>
internal static class Training
{
    private const string Undone = "Nothing was trained.";

    /// <summary>Trains a model on a release.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="request">What is trained.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="watch">Told what is done, and how much of it (0–1).</param>
    /// <exception cref="AvalException">Refused by the gate. Usage: the name is taken.</exception>
    public static Trained Train(
        Workspace workspace, TrainingRequest request, TimeProvider clock, EngineLimits limits,
        Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        var release = request.Release ?? throw AvalException.Usage($"No release was named. {Undone}");
        var models = RegisteredModels.Of(Register.Read(workspace));
        var name = request.Name ?? Free(models, $"{release.Split('/')[0].ToLowerInvariant()}-"
            + ModelForm.NameOf(request.Form.Unit) + request.Form.Order.ToString(CultureInfo.InvariantCulture));
        models.RequireNew(name, Undone);
        string[] command = ["aval", "model", "train", release, "--name", name, "--unit",
            ModelForm.NameOf(request.Form.Unit), "--order", request.Form.Order.ToString(CultureInfo.InvariantCulture)];
        return Run(workspace, new RunRequest(release, command) { Name = name }, before: null, request.Form,
            request.Least, clock, limits, watch);
    }

    /// <summary>
    /// Makes a model of a release that stands in the place of the one that a model was trained on: byte for byte the
    /// one that would be trained on it alone, while only the shards that changed are counted. The new one replaces it.
    /// </summary>
    /// <param name="workspace">Whose model it is.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="successor">The release to unlearn to, as on the command line.</param>
    /// <param name="name">The new model's name; null = the old one's with the next number.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="watch">Told what is done, and how much of it (0–1).</param>
    /// <exception cref="AvalException">Refused by the gate. Usage: there is no such model. Bad input: a file of it is
    /// not the one that it states.</exception>
    public static Trained Unlearn(
        Workspace workspace, string model, string successor, string? name, TimeProvider clock, EngineLimits limits,
        Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var models = RegisteredModels.Of(Register.Read(workspace));
        models.Require(model, Undone);
        var before = ModelFolder.Open(workspace, model);
        name ??= Free(models, model);
        models.RequireNew(name, Undone);
        string[] command = ["aval", "model", "unlearn", model, "--release", successor, "--name", name];
        return Run(
            workspace, new RunRequest(successor, command) { Name = name, Replaces = model }, before,
            before.Statement.Form, before.Statement.Least, clock, limits, watch);
    }

    /// <summary>One process at a time makes or destroys models.</summary>
    internal static FileLock Lock(Workspace workspace) => FileLock.Acquire(
        Path.Combine(workspace.Models, ".lock"), "the reference models of this workspace", TimeSpan.FromMinutes(2));

    private static Trained Run(
        Workspace workspace, RunRequest request, ModelFolder? before, ModelForm form, long least, TimeProvider clock,
        EngineLimits limits, Action<string, double> watch)
    {
        FileModes.MakePrivateFolder(workspace.Models);
        using var held = Lock(workspace);
        var folder = ModelFolder.Of(workspace, request.Name!);
        Clear(workspace, folder);
        ModelTimes? times = null;
        try
        {
            var outcome = Running.Run(
                workspace, request with { Model = folder, Index = ModelStatement.FileName }, EngineVersion.Text,
                clock, limits, _ => { }, (release, _) =>
                {
                    var made = Path.Combine(workspace.Models, $".made-{request.Name}");
                    FileModes.MakePrivateFolder(made);
                    try
                    {
                        times = ModelMaking.Make(release, form, least, before, made, limits, clock, watch);
                        Directory.Delete(folder);
                        Durable.MoveDirectory(made, folder);
                    }
                    finally
                    {
                        if (Directory.Exists(made))
                            Directory.Delete(made, recursive: true);
                    }

                    return (0, null);
                });
            return new Trained(
                request.Name!, new ModelFolder(folder, ModelStatement.Read(folder)), outcome, times!);
        }
        finally
        {
            // A run that was not let through leaves nothing.
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }

    // Whoever has the lock knows that nobody else trains: what is no registered model's was left by a run that was
    // killed.
    private static void Clear(Workspace workspace, string folder)
    {
        foreach (var made in Directory.EnumerateDirectories(workspace.Models, ".made-*"))
            Directory.Delete(made, recursive: true);
        if (File.Exists(Path.Combine(folder, ModelStatement.FileName)))
            Directory.Delete(folder, recursive: true);
    }

    // NAME, NAME.2, NAME.3: the first that no model has.
    private static string Free(RegisteredModels models, string name)
    {
        if (models.Find(name) is null)
            return name;
        var (stem, number) = name.LastIndexOf('.') is > 0 and var dot
            && int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? (name[..dot], last)
            : (name, 1);
        do
            number++;
        while (models.Find(string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}")) is not null);
        return string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}");
    }
}
