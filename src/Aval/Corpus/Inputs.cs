using Aval.Choices;
using Aval.Content;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>
/// Everything a release is a function of, loaded into an engine: content as of T, and the choices up to a ledger size.
/// Policy, key and parameters come from whoever builds.
/// </summary>
/// <param name="AsOf">T, which <c>as_of()</c> answers in the engine.</param>
/// <param name="Content">What content there is, whatever imports brought it.</param>
/// <param name="LedgerSize">Choices with an index below it count.</param>
/// <param name="Choices">How many of them had been made and received at T.</param>
public sealed record Inputs(DateTimeOffset AsOf, ContentSnapshot Content, TreeSize LedgerSize, long Choices)
{
    /// <summary>Loads the inputs as they are now.</summary>
    /// <param name="engine">An empty engine of this workspace.</param>
    /// <param name="workspace">Where they lie.</param>
    /// <param name="asOf">T.</param>
    /// <param name="atCheckpoint">The ledger size to honour; null = all there is.</param>
    /// <param name="imports">The imports to read; null = all there are.</param>
    /// <param name="about">Accounts that are asked about, though the content may not know them.</param>
    /// <exception cref="AvalException">Usage: the ledger is not that large. Bad input: content has changed since it was imported.</exception>
    public static Inputs Load(Engine engine, Workspace workspace, DateTimeOffset asOf, TreeSize? atCheckpoint, IReadOnlyList<string>? imports = null, params IReadOnlyList<Account> about)
    {
        ArgumentNullException.ThrowIfNull(engine);
        // A plain macro, not a temporary one: every connection onto this engine must answer the same.
        engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(asOf)}");
        var content = ContentViews.Create(engine, workspace, asOf, imports);
        using var choices = CommittedChoices.Open(workspace);
        var store = choices.Store;
        var size = store.ChoicesSize;
        if (atCheckpoint is { } wanted)
        {
            if (wanted.Value > store.Size.Value)
                throw AvalException.Usage($"--at-checkpoint {wanted}: the ledger has {store.Size} entries. Nothing was done.");
            size = wanted;
        }

        return new Inputs(asOf, content, size,
            Stances.Load(engine, choices.Read(size), store.Suppressions(size), asOf, about));
    }
}
