using System.Net.Sockets;
using Npgsql;

namespace Aval.Choices.Stores.Postgres;

/// <summary>
/// What PostgreSQL says, as what the reader of a message needs. Never the connection string: it may hold a password.
/// </summary>
internal static class PostgresFailure
{
    private const string Nothing = "Nothing was recorded.";

    /// <param name="where">Server and database.</param>
    /// <param name="failed">What Npgsql threw.</param>
    /// <param name="outcome">What has happened to what was to be done.</param>
    public static AvalException Of(string where, NpgsqlException failed, string outcome = Nothing) => failed switch
    {
        PostgresException refused => Of(where, refused, outcome),
        { InnerException: TimeoutException } => AvalException.Busy(
            $"{where}: the server did not answer in time. {outcome} See to the server and run the command again."),
        { InnerException: IOException or SocketException } or { IsTransient: true } =>
            AvalException.BadInput($"{where}: the server cannot be reached, or the connection broke "
                + $"({failed.InnerException?.Message ?? failed.Message}). {outcome} See to the server and run the "
                + "command again.", failed),
        _ => AvalException.BadInput($"{where}: {failed.Message}. {outcome} Correct the connection (aval.yaml, "
            + "or AVAL_POSTGRES) or see to the server, and run the command again.", failed),
    };

    private static AvalException Of(string where, PostgresException refused, string outcome) => refused.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable => AvalException.Busy($"{where}: another process is recording choices and "
            + $"did not finish in time. {outcome} Wait for it and run the command again."),
        PostgresErrorCodes.TooManyConnections => AvalException.Busy($"{where}: the server takes no more connections. "
            + $"{outcome} Wait, or raise max_connections, and run the command again."),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => AvalException.Busy(
            $"{where}: the transaction met another one ({refused.MessageText}). {outcome} Run the command again."),
        PostgresErrorCodes.DiskFull => AvalException.BadInput(
            $"{where}: the server's disk is full. {outcome} Make room and run the command again.", refused),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            AvalException.BadInput(
                $"{where}: the server refuses this user ({refused.MessageText}). {outcome} Correct user and password "
                    + "(aval.yaml, AVAL_POSTGRES, or PostgreSQL's password file) and run the command again.",
                refused),
        PostgresErrorCodes.InvalidCatalogName => AvalException.BadInput($"{where}: there is no such database. "
            + $"{outcome} Make it with: createdb --encoding=UTF8 --template=template0 NAME", refused),
        PostgresErrorCodes.InsufficientPrivilege => AvalException.BadInput(
            $"{where}: this user may not do that ({refused.MessageText}). {outcome} Grant it the schema aval "
                + "(or CREATE on the database, for the first time) and run the command again.",
            refused),
        PostgresErrorCodes.ReadOnlySqlTransaction => AvalException.BadInput($"{where}: this server only answers, "
            + $"it does not record: it is a standby. {outcome} Name the primary server.", refused),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow => AvalException.BadInput($"{where}: the server is stopping or "
                + $"starting ({refused.MessageText}). {outcome} Run the command again when it is up.", refused),
        PostgresErrorCodes.IoError or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            AvalException.BadInput(
                $"{where}: the server's disk failed or its files are damaged ({refused.MessageText}). "
                    + $"{outcome} See to the disk, or restore the database from your backup.",
                refused),
        _ => throw refused,
    };
}
