using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Orders;

/// <summary>
/// The authors that an order names, from a file with one account a line. The order is as public as the ledger, so it
/// holds of each a keyed hash, and the file itself is not kept.
/// </summary>
internal static class AuthorList
{
    private const string Label = "aval/ordered-author/v1";

    /// <summary>Accounts that one list may have: an order is read whenever anybody asks what is in force.</summary>
    public const int Most = 100_000;

    /// <summary>The key under which accounts are hashed: <see cref="HashOf"/>.</summary>
    public static byte[] Key(WorkspaceKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.MacKey(Label);
    }

    /// <summary>What stands for an account in an order: HMAC-SHA256, as 64 hexadecimal digits.</summary>
    /// <param name="key">As <see cref="Key"/> derives it.</param>
    /// <param name="account"><c>service:id</c>, in the form of its service.</param>
    public static string HashOf(byte[] key, string account) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(account)));

    /// <summary>What stands for accounts in an order.</summary>
    /// <returns>The hashes, each once, ascending.</returns>
    public static IReadOnlyList<string> HashesOf(Workspace workspace, IEnumerable<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var key = Key(workspace.ReadKey());
        return
        [
            .. accounts.Select(account => HashOf(key, account.ToString())).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads a file; empty lines and lines that begin with # say nothing.</summary>
    /// <returns>The accounts, each once, in the order of the file.</returns>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input: a line holds no account, so that the
    /// order would reach nobody by it.</exception>
    public static IReadOnlyCollection<Account> Read(Workspace workspace, string path)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: there is no such file. Nothing was recorded.");
        var accounts = new OrderedDictionary<Account, int>();
        foreach (var (at, line) in File.ReadLines(path, Encoding.UTF8).Index())
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (!Account.TryParse(line, workspace.Settings.Services, out var account, out var expected))
                throw AvalException.BadInput($"{path}, line {at + 1}: the account should be {expected}, but "
                    + $"\"{Shown.Of(line)}\" was found. Nothing was recorded. Write one account a line.");
            if (accounts.TryAdd(account, at) && accounts.Count > Most)
                throw AvalException.BadInput($"{path}, line {at + 1}: expected at most {Most} accounts. Nothing was "
                    + "recorded. Serve the order by service, country or period, or in several lists.");
        }

        return accounts.Count > 0
            ? accounts.Keys
            : throw AvalException.BadInput($"{path}: expected at least one account, one a line. Nothing was recorded.");
    }
}
