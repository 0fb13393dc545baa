using Aval.Storage;

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
        connection.RegisterScalarFunction<string, string, Guid>("row_key", (columns, result, rows) =>
        {
            using var text = new Utf8Scratch();
            for (ulong row = 0; row < rows; row++)
            {
                // The service's end is marked by a zero byte, which no id can hold, so no two items share an input.
                var item = text.Join(columns[0].GetValue<string>(row), columns[1].GetValue<string>(row));
                result.WriteValue(SipHash.ToGuid(key.Hash(item)), row);
            }
        });
    });
}
