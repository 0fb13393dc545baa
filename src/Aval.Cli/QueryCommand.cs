using System.CommandLine;
using Aval.Answers;
using DuckDB.NET.Data;

namespace Aval.Cli;

internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var sql = new Argument<string>("SQL") { Description = "One SELECT (DuckDB's SQL)" };
        var release = new Option<string?>("--release")
        {
            Description = "Whose decisions, and as of when (default: the latest release's for decisions, "
                + "now for all else)",
            HelpName = "R",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("query", "Ask content, choices, decisions and shards in SQL, read-only. "
            + "Relations: items, accounts, notices, choices, decisions, shards; functions that make a value of values, "
            + "add up or look at other rows, and unnest, range, generate_series.\n"
            + "Answers as tab-separated text with a header, or, with --json, one JSON object a line.\n\n"
            + "Example: aval query \"SELECT reason, count(*) FROM decisions GROUP BY reason "
            + "ORDER BY 2 DESC\"") { sql, release, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var text = parsed.GetValue(sql)!;
            using var query = OpenQuery.Prepare(
                workspace, text, parsed.GetValue(release), terminal.Clock.UtcNow(), limits.Of(parsed));
            try
            {
                if (parsed.GetValue(json))
                {
                    foreach (var row in query.JsonRows(text))
                        terminal.Out.WriteLine(row);
                }
                else
                {
                    foreach (var row in query.Rows(text))
                        terminal.Out.WriteLine(string.Join('\t', row.Select(Escape)));
                }
            }
            catch (DuckDBException refused)
            {
                throw AvalException.Usage($"The engine refused the query: {refused.Message}");
            }

            if (query.Quarantined > 0)
                terminal.Error.WriteLine($"{query.Quarantined} items and accounts are restricted, or are to be erased "
                    + "(GDPR Art. 18, 17): their words are not shown, and their rows of releases are not in shards.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    // A text may hold tabs and newlines; a row stays one line.
    private static string Escape(string? value) => value is null
        ? ""
        : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
