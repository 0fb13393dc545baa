using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Content;

/// <summary>
/// What content asks of the engine, under keys of the workspace: <c>bucket_of(account, buckets)</c>, the slice of
/// accounts that one belongs to; <c>fingerprint(text)</c>, whether two versions say the same;
/// <c>observation_low(text)</c> and <c>observation_high(text)</c>, the two halves of what an observation adds to the
/// sum of a content; <c>item_hash(key)</c> and <c>account_hash(account)</c>, which stand for them in the indexes.
/// </summary>
internal static class ContentFunctions
{
    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("content", connection =>
    {
        var buckets = engine.Key.Buckets;
        var fingerprints = engine.Key.Fingerprints;
        var observations = engine.Key.Observations;
        connection.RegisterScalarFunction<string, int, int>("bucket_of", (columns, result, rows) =>
        {
            using var text = new Utf8Scratch();
            for (ulong row = 0; row < rows; row++)
            {
                var hash = buckets.Hash(text.Of(columns[0].GetValue<string>(row))).Low;
                result.WriteValue((int)(hash % (ulong)columns[1].GetValue<int>(row)), row);
            }
        });
        Register(connection, "fingerprint", fingerprints, SipHash.ToGuid);
        Register(connection, "observation_low", observations, hash => hash.Low);
        Register(connection, "observation_high", observations, hash => hash.High);
        Register(connection, "item_hash", engine.Key.Places, hash => unchecked((long)hash.Low));
        Register(connection, "account_hash", engine.Key.Naming, hash => unchecked((long)hash.Low));
    });

    private static void Register<T>(
        DuckDBConnection connection, string name, SipHash key, Func<(ulong Low, ulong High), T> answer) =>
        connection.RegisterScalarFunction<string, T>(name, (columns, result, rows) =>
        {
            using var text = new Utf8Scratch();
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(answer(key.Hash(text.Of(columns[0].GetValue<string>(row)))), row);
        });
}
