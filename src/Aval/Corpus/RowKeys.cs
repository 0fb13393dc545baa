using Aval.Storage;

namespace Aval.Corpus;

/// <summary><c>row_key(service, item_id)</c>: the 128-bit pseudonym of an item that a trainer sees.</summary>
internal static class RowKeys
{
    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("row keys", connection =>
    {
        var key = engine.Key.SipHashKey("aval/row-key/v1");
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
