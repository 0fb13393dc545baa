using Aval.Storage;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Aval.Content;

/// <summary>
/// What content asks of the engine, under keys of the workspace: <c>bucket_of(account, buckets)</c>, the slice of
/// accounts that one belongs to; <c>fingerprint(text)</c>, whether two versions say the same;
/// <c>observation_low(text)</c> and <c>observation_high(text)</c>, the two halves of what an observation adds to the
/// sum of a content; <c>item_hash(key)</c> and <c>account_hash(account)</c>, which stand for them in the indexes;
/// <c>draw_of(seed, person)</c>, a whole number from 0 up to 2⁶², where a draw puts a person.
/// </summary>
internal static class ContentFunctions
{
    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("content", connection =>
    {
        var buckets = engine.Key.Buckets;
        var fingerprints = engine.Key.Fingerprints;
        var observations = engine.Key.Observations;
        TextFunctions.Register(connection, "bucket_of", [DuckDBType.Varchar, DuckDBType.Integer], DuckDBType.Integer,
            batch =>
            {
                var accounts = batch.Texts(0);
                var of = batch.Values<int>(1);
                var answers = batch.Answers<int>();
                // Where the number is null, anything stands in its place, zero too, and nobody sees the answer.
                for (var row = 0; row < batch.Count; row++)
                    answers[row] = of[row] == 0 ? 0 : (int)(buckets.Hash(accounts[row]).Low % (ulong)of[row]);
            });
        Register(connection, "fingerprint", DuckDBType.Uuid, fingerprints, SipHash.ToUuid);
        Register(connection, "observation_low", DuckDBType.UnsignedBigInt, observations, hash => hash.Low);
        Register(connection, "observation_high", DuckDBType.UnsignedBigInt, observations, hash => hash.High);
        Register(connection, "item_hash", DuckDBType.BigInt, engine.Key.Places, hash => hash.Low);
        Register(connection, "account_hash", DuckDBType.BigInt, engine.Key.Naming, hash => hash.Low);
        var draws = engine.Key.Draws;
        TextFunctions.Register(
            connection, "draw_of", [DuckDBType.Varchar, DuckDBType.Varchar], DuckDBType.BigInt, batch =>
            {
                using var drawing = new Utf8Scratch();
                var seeds = batch.Texts(0);
                var persons = batch.Texts(1);
                var answers = batch.Answers<long>();
                // A zero byte, which no seed holds, marks where the seed ends.
                for (var row = 0; row < batch.Count; row++)
                    answers[row] = (long)(draws.Hash(drawing.Join(seeds[row], persons[row])).Low >> 2);
            });
    });

    private static void Register<T>(
        DuckDBConnection connection, string name, DuckDBType type, SipHash key,
        Func<(ulong Low, ulong High), T> answer)
        where T : unmanaged =>
        TextFunctions.Register(connection, name, [DuckDBType.Varchar], type, batch =>
        {
            var texts = batch.Texts(0);
            var answers = batch.Answers<T>();
            for (var row = 0; row < batch.Count; row++)
                answers[row] = answer(key.Hash(texts[row]));
        });
}
