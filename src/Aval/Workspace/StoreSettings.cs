namespace Aval;

/// <summary>Which database keeps the choices.</summary>
public enum StoreKind
{
    /// <summary>choices.db in the workspace: nothing to install.</summary>
    Sqlite,

    /// <summary>PostgreSQL, when several processes or machines record at once.</summary>
    Postgres,
}

/// <summary>Where choices are kept.</summary>
/// <param name="Kind">In which database.</param>
/// <param name="Connection">PostgreSQL's connection string; empty for SQLite. A password belongs into the system's
/// password file, not here.</param>
public sealed record StoreSettings(StoreKind Kind, string Connection)
{
    /// <summary>choices.db.</summary>
    public static StoreSettings Sqlite { get; } = new(StoreKind.Sqlite, "");

    internal static StoreKind ReadKind(SettingsNode value) => value.Scalar switch
    {
        "sqlite" => StoreKind.Sqlite,
        "postgres" => StoreKind.Postgres,
        _ => throw value.Wrong("store is sqlite or postgres"),
    };

    internal string ToYaml() => Kind switch
    {
        StoreKind.Sqlite => "store: sqlite",
        StoreKind.Postgres => $"store: postgres\nconnection: {Settings.Quote(Connection)}",
    };
}
