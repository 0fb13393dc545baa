using System.Text.RegularExpressions;

namespace Aval.Runs;

/// <summary>A model, and what was stated of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Registered">Its registration.</param>
/// <param name="Distributed">To whom it was given, in order.</param>
internal sealed record Model(string Name, ModelRegistered Registered, IReadOnlyList<ModelDistributed> Distributed)
{
    /// <summary>The widest way in which it was ever given: weights that were once open stay so.</summary>
    public Distribution Widest => Distributed.Select(one => one.As).DefaultIfEmpty(Distribution.Internal).Max();

    /// <summary>To which organisations.</summary>
    public IReadOnlyList<string> Recipients =>
        [.. Distributed.SelectMany(one => one.Recipients).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>All registered models, and what they were made of.</summary>
internal sealed partial class RegisteredModels
{
    private readonly Dictionary<string, Model> _all;
    private readonly Dictionary<string, RunBegun> _runs;
    private readonly ILookup<string, RunBegun> _underWay;

    private RegisteredModels(
        Dictionary<string, Model> all, Dictionary<string, RunBegun> runs, ILookup<string, RunBegun> underWay) =>
        (_all, _runs, _underWay) = (all, runs, underWay);

    /// <summary>In the order in which they were registered.</summary>
    public IReadOnlyList<Model> All => [.. _all.Values];

    /// <summary>From the register.</summary>
    public static RegisteredModels Of(IReadOnlyList<Registered> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        var stated = register.Select(one => one.Stated).ToArray();
        var given = stated.OfType<ModelDistributed>().ToLookup(one => one.Model, StringComparer.Ordinal);
        var all = new Dictionary<string, Model>(StringComparer.Ordinal);
        foreach (var one in register)
        {
            if (one.Stated is not ModelRegistered made)
                continue;
            // Two of one name, as older programs could enter side by side: the first keeps it, and neither is lost.
            var name = all.ContainsKey(made.Model) ? $"{made.Model}@{one.Index.Value}" : made.Model;
            all.Add(name, new Model(name, made, [.. given[name]]));
        }

        return new RegisteredModels(
            all,
            stated.OfType<RunBegun>().ToDictionary(run => run.Run, StringComparer.Ordinal),
            stated.OfType<RunBegun>().ExceptBy(stated.OfType<RunEnded>().Select(run => run.Run), run => run.Run)
                .ToLookup(run => run.Name, StringComparer.Ordinal));
    }

    /// <summary>A model by its name; null = there is none.</summary>
    public Model? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>The same, where there must be one.</summary>
    /// <exception cref="AvalException">Usage: there is none.</exception>
    public Model Require(string name, string undone) => Find(name)
        ?? throw AvalException.Usage($"\"{Shown.Of(name)}\" is no registered model. {undone} There are: "
            + $"{(_all.Count == 0 ? "none" : string.Join(", ", _all.Keys))}.");

    /// <summary>Refuses a name that is taken, or is none.</summary>
    /// <exception cref="AvalException">Usage.</exception>
    public void RequireNew(string name, string undone)
    {
        if (!Shape().IsMatch(name))
            throw AvalException.Usage("A model's name has 1–64 of a-z, 0-9, '.', '_' and '-' and starts with a letter "
                + $"or digit, but \"{Shown.Of(name)}\" was found. {undone}");
        if (_all.ContainsKey(name))
            throw AvalException.Usage($"\"{name}\": there is a model of this name, and what was registered is not "
                + $"changed. {undone} Take another name, and say that it replaces this one: aval model register "
                + $"--replaces {name}");
        // Its files would be told from those of a stranger by nothing.
        if (_underWay[name].FirstOrDefault() is { } run)
            throw AvalException.Usage($"\"{name}\": the run {run.Run} is under way under this name, and may make a "
                + $"model of it. {undone} Take another name, or wait until it has ended (aval impact settles a run "
                + "that was killed)");
    }

    /// <summary>The run that made a model; null = it was made elsewhere.</summary>
    public RunBegun? RunOf(Model model) => model.Registered.Run is { } run ? _runs.GetValueOrDefault(run) : null;

    /// <summary>A model and all that it was made of, over any number of steps, each once.</summary>
    public IReadOnlyList<Model> Ancestry(Model model)
    {
        var all = new List<Model> { model };
        for (var at = 0; at < all.Count; at++)
        {
            var from = all[at].Registered.From.Concat(RunOf(all[at])?.From ?? []);
            all.AddRange(from.Distinct().Select(Find).OfType<Model>().Where(one => !all.Contains(one)).ToArray());
        }

        return all;
    }

    /// <summary>The releases that went into a model, over any number of steps: NAME/ID, with the export that was read
    /// where it was one.</summary>
    public IReadOnlyList<(string Release, string? Export)> Sources(Model model) =>
    [
        .. Ancestry(model)
            .SelectMany(one => one.Registered.Releases.Select(release => (release, (string?)null))
                .Concat(RunOf(one) is { } run ? [(run.Release, run.Export)] : []))
            .Distinct(),
    ];

    /// <summary>What stands in a model's place now: the last that replaces it, over any number of steps; null =
    /// nothing does.</summary>
    public Model? SuccessorOf(Model model)
    {
        Model? successor = null;
        var (at, seen) = (model.Name, new HashSet<string>(StringComparer.Ordinal) { model.Name });
        while (_all.Values.LastOrDefault(one => one.Registered.Replaces == at) is { } next && seen.Add(next.Name))
            (successor, at) = (next, next.Name);
        return successor;
    }

    [GeneratedRegex("^[a-z0-9][a-zA-Z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
