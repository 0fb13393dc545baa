using Aval.Storage;
using DuckDB.NET.Native;

namespace Aval.Corpus;

/// <summary><c>row_key(service, item_id)</c>: the 128-bit pseudonym of an item that a trainer sees.</summary>
internal static class RowKeys
{
    private const string Label = "aval/row-key/v1";

    /// <summary>The key of row keys alone, in hexadecimal digits: for a process that is to have no other.</summary>
    public static string Derive(WorkspaceKey key) => Convert.ToHexStringLower(key.ShortKey(Label));

    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => Provide(engine, () => engine.Key.SipHashKey(Label));

    /// <summary>The same under a key that was derived elsewhere.</summary>
    public static void Provide(Engine engine, string derived) =>
        Provide(engine, () => new SipHash(Convert.FromHexString(derived)));

    private static void Provide(Engine engine, Func<SipHash> keyed) => engine.Provide("row keys", connection =>
    {
        var key = keyed();
        TextFunctions.Register(
            connection, "row_key", [DuckDBType.Varchar, DuckDBType.Varchar], DuckDBType.Uuid, batch =>
            {
                using var item = new Utf8Scratch();
                var services = batch.Texts(0);
                var ids = batch.Texts(1);
                var answers = batch.Answers<(ulong, ulong)>();
                // The service's end is marked by a zero byte, which no id can hold, so no two items share an input.
                for (var row = 0; row < batch.Count; row++)
                    answers[row] = SipHash.ToUuid(key.Hash(item.Join(services[row], ids[row])));
            });
    });
}
