using Aval.Storage;

namespace Aval.Runs;

/// <summary>What can honestly be said of a model when rows that it was trained on must not be used any more.</summary>
internal enum Outcome
{
    /// <summary>None of these rows went into it, or into what it was made of.</summary>
    NotAffected,

    /// <summary>A run on a release without these rows made the one in its place.</summary>
    Retrained,

    /// <summary>Another one stands in its place, made of none of these rows.</summary>
    Replaced,

    /// <summary>One that was made to unlearn them stands in its place: nobody can prove that it has.</summary>
    MitigatedOnly,

    /// <summary>Nothing was done yet.</summary>
    Outstanding,

    /// <summary>Its weights are with others: whatever is done here, theirs stays as it is.</summary>
    NotRecallable,
}

/// <summary>A release with some of the rows.</summary>
/// <param name="Name">NAME/ID.</param>
/// <param name="Rows">How many; null = its lineage is gone, and nobody can tell.</param>
internal sealed record ImpactedRelease(string Name, long? Rows);

/// <summary>An export with some of the rows.</summary>
/// <param name="Export">The export.</param>
/// <param name="Rows">How many; null = nobody can tell.</param>
/// <param name="FirstSlice">The first slice that has any, from which on training has to be done again; null = it has no
/// slices.</param>
internal sealed record ImpactedExport(ExportMade Export, long? Rows, int? FirstSlice);

/// <summary>A run that read some of the rows.</summary>
internal sealed record ImpactedRun(RunBegun Run, long? Rows);

/// <summary>A model, and what became of it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Outcome">What can be said.</param>
/// <param name="Rows">How many of the rows went into it; null = nobody can tell.</param>
/// <param name="Successor">What stands in its place; null = nothing does.</param>
/// <param name="FirstSlice">The slice of its export from which on its training has to be done again; null = what it was
/// trained on has no slices, or not they alone.</param>
internal sealed record ImpactedModel(Model Model, Outcome Outcome, long? Rows, Model? Successor, int? FirstSlice);

/// <summary>
/// From a person, or from what was said since an entry of the ledger, down to the models and those who have them. It
/// finds what was registered, and names nobody.
/// </summary>
/// <param name="Question">In words, without a name.</param>
/// <param name="Releases">Those with some of the rows.</param>
/// <param name="Exports">Those with some of the rows.</param>
/// <param name="Runs">Those that read some.</param>
/// <param name="Models">All registered ones.</param>
/// <param name="Notices">Whom to tell (Art. 17(2), 19).</param>
internal sealed record Impact(
    string Question, IReadOnlyList<ImpactedRelease> Releases, IReadOnlyList<ImpactedExport> Exports,
    IReadOnlyList<ImpactedRun> Runs, IReadOnlyList<ImpactedModel> Models, IReadOnlyList<Notice> Notices)
{
    /// <summary>Answers a question.</summary>
    /// <exception cref="AvalException">Bad input: the register or a lineage was changed.</exception>
    public static Impact Of(
        Workspace workspace, ImpactQuestion question, DateTimeOffset now, EngineLimits limits)
    {
        var register = Register.Read(workspace);
        using var rows = ImpactRows.Find(workspace, question, register, now, limits);
        return Of(question, register, rows);
    }

    /// <summary>The same of rows that were found.</summary>
    public static Impact Of(ImpactQuestion question, IReadOnlyList<Registered> register, ImpactRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var stated = register.Select(one => one.Stated).ToArray();
        var models = Aval.Runs.RegisteredModels.Of(register);
        ImpactedExport[] exports =
        [
            .. stated.OfType<ExportMade>()
                .Select(export => (Export: export, Rows: rows.Count(export.Export))).Where(one => one.Rows is not 0)
                .Select(one => new ImpactedExport(one.Export, one.Rows, rows.FirstSlice(one.Export))),
        ];
        ImpactedModel[] impacted = [.. models.All.Select(model => Judge(models, model, rows, exports))];
        return new Impact(
            question switch
            {
                ImpactQuestion.OfPerson => "what one person, on all linked accounts, has in releases",
                ImpactQuestion.Since since => $"what was said from entry {since.Entry} of the ledger on",
                _ => throw new InvalidOperationException($"A question that nobody knows: {question}."),
            },
            [
                .. rows.Releases.Select(release => new ImpactedRelease(release, rows.Count(release)))
                    .Where(one => one.Rows is not 0),
            ],
            exports,
            [
                .. stated.OfType<RunBegun>()
                    .Select(run => new ImpactedRun(run, rows.Count(run.Export ?? run.Release)))
                    .Where(one => one.Rows is not 0),
            ],
            impacted,
            Notice.Of(stated, exports, impacted, models, rows));
    }

    private static ImpactedModel Judge(
        RegisteredModels models, Model model, ImpactRows rows, IReadOnlyList<ImpactedExport> exports)
    {
        var count = rows.Count(SourcesOf(models, model));
        var successor = models.SuccessorOf(model);
        return new ImpactedModel(model, OutcomeOf(models, model, count, successor, rows), count, successor,
            FirstSlice(models, model, exports));
    }

    // Whatever it was made of besides begins anew.
    private static int? FirstSlice(RegisteredModels models, Model model, IReadOnlyList<ImpactedExport> exports) =>
        models.RunOf(model) is { Export: { } export, From.Count: 0 }
            ? exports.FirstOrDefault(one => one.Export.Export == export)?.FirstSlice
            : null;

    /// <summary>Where the rows of a model come from: exports where they were read, releases else.</summary>
    public static IReadOnlyCollection<string> SourcesOf(RegisteredModels models, Model model) =>
        [.. models.Sources(model).Select(source => source.Export ?? source.Release).Distinct()];

    private static Outcome OutcomeOf(
        RegisteredModels models, Model model, long? count, Model? successor, ImpactRows rows) =>
        (count, successor) switch
        {
            (0, _) => Outcome.NotAffected,
            _ when model.Widest is Distribution.OpenWeights => Outcome.NotRecallable,
            (_, null) => Outcome.Outstanding,
            // A successor that comes from the model holds what the model holds, whatever it answers.
            (_, { } next) when rows.Count(SourcesOf(models, next)) is 0 =>
                models.RunOf(next) is not null ? Outcome.Retrained : Outcome.Replaced,
            (_, { } next) => next.Registered.How is Derivation.Unlearning
                ? Outcome.MitigatedOnly
                : Outcome.Outstanding,
        };
}
