using Aval.Choices;
using Aval.Content;
using Aval.People;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// Everything a release is a function of, loaded into an engine: content as of T, and the choices up to a ledger size.
/// Policy, key and parameters come from whoever builds.
/// </summary>
/// <param name="AsOf">T, which <c>as_of()</c> and <c>known_at()</c> answer in the engine.</param>
/// <param name="Content">What content there is, whatever imports brought it.</param>
/// <param name="LedgerSize">Choices with an index below it count.</param>
/// <param name="ErasedTo">Erasures with an index below it count too: at least <paramref name="LedgerSize"/>.</param>
/// <param name="Choices">How many of these had been made and received at T, those included that were forgotten
/// since.</param>
internal sealed record Inputs(
    DateTimeOffset AsOf, ContentSnapshot Content, TreeSize LedgerSize, TreeSize ErasedTo, long Choices)
{
    /// <summary>How far the store's choices went when they were read.</summary>
    internal TreeSize StoreSize { get; private init; }

    /// <summary>Whether every choice is on an account that is spelled as aval.yaml states its form: then an account's
    /// choices are found by it, and are not somewhere else in the store.</summary>
    internal bool AllSpelled { get; private init; }

    /// <summary>Loads the inputs as they are now.</summary>
    /// <param name="engine">An empty engine of this workspace.</param>
    /// <param name="workspace">Where they lie.</param>
    /// <param name="asOf">T.</param>
    /// <param name="atCheckpoint">The ledger size to honour; null = all there is.</param>
    /// <param name="imports">The imports to read; null = all there are.</param>
    /// <param name="erasedTo">The ledger size to honour erasures at; null = all there are.</param>
    /// <param name="reckonedAt">At which instant ages and waiting periods are reckoned, when not at T.</param>
    /// <param name="about">Accounts that are asked about, though the content may not know them.</param>
    /// <exception cref="AvalException">Usage: the ledger is not that large. Refused: links make more accounts
    /// one person than aval.yaml allows. Bad input: content has changed since it was imported.</exception>
    public static Inputs Load(
        Engine engine, Workspace workspace, DateTimeOffset asOf, TreeSize? atCheckpoint,
        IReadOnlyList<string>? imports = null,
        TreeSize? erasedTo = null, DateTimeOffset? reckonedAt = null, params IReadOnlyList<Account> about)
    {
        ArgumentNullException.ThrowIfNull(engine);
        SetInstants(engine, reckonedAt ?? asOf, asOf);
        var content = ContentViews.Create(engine, workspace, asOf, imports);
        LinkCrowds.Require(engine, workspace.Settings.Links);
        using var choices = CommittedChoices.Open(workspace);
        var store = choices.Store;
        var stated = store.ChoicesSize;
        var size = Within(store, "--at-checkpoint", atCheckpoint) ?? store.ChoicesSize;
        var erasable = Within(store, "--erased-to", erasedTo)
            ?? new TreeSize(Math.Max(size.Value, store.ChoicesSize.Value));
        if (erasable.Value < size.Value)
            throw AvalException.Usage(
                $"--erased-to {erasable}: the release honours the choices below {size}, the erasures among them too. "
                + $"Nothing was done. Say {size} or more, or leave it out: then all erasures are honoured.");

        // Not further than the last erasure as of T, so that what is said later does not make this another release.
        var erased = size.Value;
        bool Counts(EntryIndex index, ChoiceKind kind, DateTimeOffset madeAt, DateTimeOffset receivedAt)
        {
            if (kind == ChoiceKind.Erasure && madeAt <= asOf && receivedAt <= asOf)
                erased = Math.Max(erased, index.Value + 1);
            return index.Value < size.Value || kind == ChoiceKind.Erasure;
        }

        // In another spelling a choice would reach nobody, and every sum would close.
        var spelled = true;
        Recorded InForm(Recorded one)
        {
            var formed = Spellings.Formed(one, workspace.Settings.Services);
            spelled &= ReferenceEquals(formed, one);
            return formed;
        }

        var honoured = Stances.Load(
            engine,
            choices.Read(erasable).Select(InForm)
                .Where(one => Counts(one.Index, one.Choice.Kind, one.Choice.MadeAt, one.Choice.ReceivedAt)),
            store.Suppressions(erasable).Where(one => Counts(one.Index, one.Kind, one.MadeAt, one.ReceivedAt)), asOf,
            about);
        return new Inputs(asOf, content, size, erasedTo ?? new TreeSize(erased), honoured)
        {
            StoreSize = stated,
            AllSpelled = spelled,
        };
    }

    /// <summary>
    /// Loads what of these was known at an earlier instant in their place, and answers the content as of then.
    /// </summary>
    /// <param name="engine">Where these are loaded.</param>
    /// <param name="workspace">Where they lie.</param>
    /// <param name="asOf">The earlier instant.</param>
    /// <param name="imports">The imports to read; null = all there are.</param>
    /// <param name="erasedTo">The ledger size that these honour erasures at.</param>
    internal ContentSnapshot LoadSooner(
        Engine engine, Workspace workspace, DateTimeOffset asOf, IReadOnlyList<string>? imports, TreeSize erasedTo)
    {
        SetInstants(engine, asOf, asOf);
        // Crowds are not looked for again: links that were known sooner are among those that were looked through.
        var content = ContentViews.Create(engine, workspace, asOf, imports);
        using var choices = CommittedChoices.Open(workspace);
        Stances.LoadSooner(
            engine,
            choices.Store.Suppressions(erasedTo)
                .Where(one => one.Index.Value < LedgerSize.Value || one.Kind == ChoiceKind.Erasure),
            asOf);
        return content;
    }

    /// <summary>Inputs of which but a part is loaded: what that says of the whole was known before.</summary>
    internal static Inputs Touched(TouchedBuckets touched, DateTimeOffset asOf, long choices) =>
        new(asOf, touched.Content, touched.Size, touched.Size, choices)
        {
            StoreSize = touched.Size,
            AllSpelled = true,
        };

    /// <summary>Says in an engine as of when ages and waiting periods are reckoned, and until when anything is
    /// known.</summary>
    internal static void SetInstants(Engine engine, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        // Plain macros, not temporary ones: every connection onto this engine must answer the same.
        engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(asOf)}");
        engine.Execute($"CREATE OR REPLACE MACRO known_at() AS {Engine.Literal(knownAt)}");
    }

    private static TreeSize? Within(IChoiceStore store, string option, TreeSize? wanted) =>
        wanted is null || wanted.Value.Value <= store.Size.Value
            ? wanted
            : throw AvalException.Usage($"{option} {wanted}: the ledger has {store.Size} entries. Nothing was done.");
}
