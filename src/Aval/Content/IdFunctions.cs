using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Content;

/// <summary>
/// The forms of ids as functions of the engine, so that what comes in by the million is brought into the one spelling
/// by the same code as a single account: <c>account_form</c>, <c>link_form</c>, <c>item_id_form</c> answer a text in
/// its form, or "" where it has none; <c>account_expected</c> and its like what should stand in its place, or "".
/// </summary>
internal static class IdFunctions
{
    private static readonly ScalarFunctionOptions Pure = new() { IsPureFunction = true };

    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Register(Engine engine, ServiceForms forms) => engine.Provide("forms of ids", connection =>
    {
        Register(connection, "account", forms.Account);
        Register(connection, "link", forms.Link);
        Register(connection, "item_id", ServiceForms.ItemId);
    });

    private static void Register(DuckDBConnection connection, string what, Func<string, Formed> form)
    {
        Register(connection, $"{what}_form", text => form(text).Value ?? "");
        Register(connection, $"{what}_expected", text => form(text).Expected ?? "");
    }

    private static void Register(DuckDBConnection connection, string name, Func<string, string> answer) =>
        connection.RegisterScalarFunction<string, string>(
            name,
            (columns, result, rows) =>
            {
                for (ulong row = 0; row < rows; row++)
                    result.WriteValue(columns[0].IsValid(row) ? answer(columns[0].GetValue<string>(row)) : "", row);
            },
            Pure);
}
