using Aval.Choices.Stores.Postgres;
using Aval.Choices.Stores.Sqlite;

namespace Aval.Choices.Stores;

/// <summary>Opens the store that aval.yaml names.</summary>
internal static class ChoiceStores
{
    /// <summary>How long a writer waits for another one before it gives up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Opens the choices of a workspace; there are none in a new one.</summary>
    /// <exception cref="AvalException">Busy: another process does not let go. Bad input: the store is damaged, from a
    /// newer Aval, or cannot be reached or written.</exception>
    public static IChoiceStore Open(Workspace workspace) => Open(workspace, Patience);

    /// <inheritdoc cref="Open(Workspace)"/>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="patience">How long to wait for another writer, in whole seconds.</param>
    public static IChoiceStore Open(Workspace workspace, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return workspace.Settings.Store.Kind switch
        {
            StoreKind.Sqlite => SqliteChoices.Open(workspace, patience),
            StoreKind.Postgres => PostgresChoices.Open(workspace, patience),
        };
    }
}
