using System.Text.RegularExpressions;
using Aval.Corpus;

namespace Aval.Runs;

/// <summary>A model to be registered.</summary>
/// <param name="Name">Its name, which no other model has.</param>
/// <param name="Folder">Where its files lie.</param>
internal sealed record ModelRequest(string Name, string Folder)
{
    /// <summary>The releases that it was trained on, as on the command line, where no run here says so.</summary>
    public IReadOnlyList<string> Releases { get; init; } = [];

    /// <summary>The models that it was made of.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>How; only with <see cref="From"/>.</summary>
    public Derivation? How { get; init; }

    /// <summary>The model in whose place it stands from now on.</summary>
    public string? Replaces { get; init; }
}

/// <summary>What is said of models that no run of ours made, and of whom they were given to.</summary>
internal static class Registering
{
    private const string Undone = "Nothing was registered.";

    /// <summary>Registers a model.</summary>
    /// <exception cref="AvalException">Usage: its name is taken, it has no files, it comes from nowhere, or what it is
    /// said to come from is not known.</exception>
    public static Registered Register(Workspace workspace, ModelRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        var models = RegisteredModels.Of(Runs.Register.Read(workspace));
        models.RequireNew(request.Name, Undone);
        foreach (var named in request.From.Concat(request.Replaces is { } replaced ? [replaced] : []))
            models.Require(named, Undone);
        if (request.From.Count == 0 && request.Releases.Count == 0)
            throw AvalException.Usage($"{request.Name}: a model comes from a release (--release) or from models "
                + $"(--from), and neither was stated: nobody could be told about it. {Undone}");
        if (request.How is null == request.From.Count > 0)
            throw AvalException.Usage($"--from and --how go together: how {request.Name} was made of those models. "
                + Undone);
        var files = Directory.Exists(request.Folder) ? Running.FilesOf(request.Folder) : [];
        if (files.Count == 0)
            throw AvalException.Usage($"{Path.GetFullPath(request.Folder)}: expected a folder with the model's files, "
                + $"but {(Directory.Exists(request.Folder) ? "it is empty" : "there is none")}. {Undone}");
        var releases = request.Releases.Select(release => Manifest.Read(ReleaseName.Find(workspace, release)))
            .Select(manifest => $"{manifest.Corpus}/{manifest.Release}").Distinct().ToArray();
        return Runs.Register.Enter(workspace, register =>
        {
            // Once more: somebody else may have taken the name while files were hashed.
            RegisteredModels.Of(register).RequireNew(request.Name, Undone);
            return new ModelRegistered(
                now, request.Name, Run: null, releases, request.From, request.How, request.Replaces)
            {
                Subjects = files,
            };
        });
    }

    /// <summary>Writes down that a model was given to others.</summary>
    /// <exception cref="AvalException">Usage: there is no such model.</exception>
    public static Registered Distribute(
        Workspace workspace, string model, Distribution distribution, IReadOnlyList<string> recipients,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var known = RegisteredModels.Of(Runs.Register.Read(workspace)).Require(model, Undone);
        return Runs.Register.Enter(workspace, new ModelDistributed(now, known.Name, distribution, recipients)
        {
            Subjects = known.Registered.Subjects,
        });
    }

    /// <summary>Reads <c>fine-tune</c> and the like.</summary>
    /// <exception cref="AvalException">Usage: it is none of the words.</exception>
    public static T Parse<T>(string option, string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (ToText(value) == text)
                return value;
        }

        throw AvalException.Usage($"{option} is one of {string.Join(", ", Enum.GetValues<T>().Select(ToText))}, but "
            + $"\"{Shown.Of(text)}\" was found. {Undone}");
    }

    /// <summary>How such a word is written, here and in statements: kebab-case.</summary>
    public static string ToText<T>(T value)
        where T : struct, Enum =>
        Regex.Replace(value.ToString(), "(?<=.)[A-Z]", letter => "-" + letter.Value).ToLowerInvariant();
}
