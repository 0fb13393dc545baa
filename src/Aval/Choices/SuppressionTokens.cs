using Aval.Content;
using Aval.Content.Exports;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>
/// What stands in the place of an account or an item that a forgotten choice named: HMAC-SHA256 under a key of its own,
/// 64 hexadecimal digits. Who has the key can ask whether a name is the one; nobody can ask which name it was.
/// </summary>
internal sealed class SuppressionTokens(WorkspaceKey key)
{
    private readonly byte[] _key = key.Erased;

    /// <summary>
    /// Registers <c>account_token(account)</c>, <c>name_token(account)</c> (<see cref="OfName"/>) and
    /// <c>item_token(service, item_id)</c>; once an engine is enough, and again does nothing.
    /// </summary>
    internal static void Provide(Engine engine) => engine.Provide("tokens", connection =>
    {
        var tokens = new SuppressionTokens(engine.Key);
        connection.RegisterScalarFunction<string, string>("account_token", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(tokens.OfAccount(columns[0].GetValue<string>(row) ?? ""), row);
        });
        connection.RegisterScalarFunction<string, string>("name_token", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(tokens.OfName(columns[0].GetValue<string>(row) ?? ""), row);
        });
        connection.RegisterScalarFunction<string, string, string>("item_token", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(
                    tokens.OfItem(columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? ""), row);
        });
    });

    /// <summary>The token of an account, <c>service:id</c>.</summary>
    public string OfAccount(string account) => ErasedTokens.OfAccount(_key, account);

    /// <summary>
    /// The token of an account; of somebody outside one for all spellings of the name (<see cref="Handle.Folded"/>),
    /// since a tag by name may write it otherwise than the choice did.
    /// </summary>
    public string OfName(string account) => OfAccount(
        account.StartsWith(Outside, StringComparison.Ordinal)
            ? Outside + Handle.Folded(account[Outside.Length..])
            : account);

    private const string Outside = Account.Outside + ":";

    /// <summary>The token of an item.</summary>
    public string OfItem(string service, string id) => ErasedTokens.OfItem(_key, service, id);

    /// <summary>A scope with the token in the place of each item's id; its service stays, and names nobody.</summary>
    public Scope Of(Scope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Scope.Of(scope.Parts.Select(part => part is ScopePart.OneItem { Item: var item }
            ? new ScopePart.OneItem(new Item(item.Service, OfItem(item.Service, item.Id)))
            : part));
    }

    /// <summary>What takes the place of a choice. What protects a name protects it in all spellings; what permits is
    /// said of the one.</summary>
    public Suppression Of(Recorded recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var choice = recorded.Choice;
        return new Suppression(
            recorded.Index, choice.Kind,
            choice.Kind.IsProtective() ? OfName(choice.Account.ToString()) : OfAccount(choice.Account.ToString()),
            choice.Purpose,
            Of(choice.Scope).ToString(),
            choice.MadeAt, choice.ReceivedAt, choice.Until);
    }
}
