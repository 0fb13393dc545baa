using System.Text.Json;
using Aval.Content;
using Aval.Portal.Doors;
using Aval.Storage;

namespace Aval.Portal.Telling;

/// <summary>
/// One link an account, for the platform's own mailer, in no particular order: CSV, <c>account,link</c>, or one JSON
/// object a line with these two members.
/// </summary>
internal static class NoticeLinkFile
{
    /// <summary>Writes them, one after the other, and holds none.</summary>
    /// <param name="workspace">Whose accounts.</param>
    /// <param name="address">The portal's URL.</param>
    /// <param name="version">The notice's version.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="isJson">As JSON, one object a line.</param>
    /// <param name="now">As of when accounts are known.</param>
    /// <param name="watch">Told how many were written.</param>
    /// <returns>How many there are.</returns>
    public static long Write(
        Workspace workspace, string address, string version, TextWriter output, bool isJson,
        DateTimeOffset now, Action<long> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(output);
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now, null);
        using var links = new NoticeLinks(workspace.ReadKey(), workspace.Settings.Services);
        var written = 0L;
        if (!isJson)
            output.Write("account,link\n");
        // Somebody outside has no account that a notice could be sent to.
        foreach (var account in engine.Stream(
            "SELECT account FROM accounts_now WHERE NOT starts_with(account, 'outside:')", row => row.GetString(0)))
        {
            output.Write(isJson
                ? $"{{\"account\":\"{JsonEncodedText.Encode(account)}\",\"link\":\""
                : $"{Cell(account)},");
            output.Write($"{address}/n/");
            output.Write(links.Make(version, Account.Parse(account)));
            output.Write(isJson ? "\"}\n" : "\n");
            if (++written % 10_000 == 0)
                watch(written);
        }

        return written;
    }

    private static string Cell(string account) => account.AsSpan().IndexOfAny(",\"") < 0
        ? account
        : $"\"{account.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
