using System.CommandLine;
using System.Globalization;
using Aval.Content;
using Aval.Content.Exports;

namespace Aval.Cli;

/// <summary><c>aval import facebook</c> and <c>aval import instagram</c>: what an export is made of. What every import has (source, snapshot, audience, printing) is the import command's.</summary>
internal static class ImportExportCommand
{
    /// <summary>Makes the command of one platform.</summary>
    /// <param name="service">The platform, and the command's name.</param>
    /// <param name="title">The platform's name, for people.</param>
    /// <param name="read">Reads its exports.</param>
    /// <param name="source">The option that names the source.</param>
    /// <param name="shared">The other options that every import has.</param>
    /// <param name="import">Takes an export into the workspace, prints what became of it, and answers with the exit code.</param>
    public static Command Create(
        string service,
        string title,
        Func<IReadOnlyList<string>, ExportOptions, IncomingExport> read,
        Option<string?> source,
        IEnumerable<Option> shared,
        Func<ParseResult, IncomingExport, int> import)
    {
        var paths = new Argument<string[]>("PATH") { Description = $"All parts of one export in JSON: the zips that {title} handed out, or the folders they unpack to", Arity = ArgumentArity.OneOrMore };
        var account = new Option<string?>("--account") { Description = $"Whose export it is, {service}:ID (default: what its profile says); state the stable id where you know it", HelpName = "ACCOUNT" };
        var command = new Command(service, $"""
            Import what the owner of a {title} export wrote: posts, captions, comments. Never a message, a search or an ad interest.

            Examples: aval import {service} {service}-zoe-1.zip {service}-zoe-2.zip
                      aval import {service} unpacked/ --account {service}:100044 --audience public
            """) { paths, account, source };
        foreach (var option in shared)
            command.Options.Add(option);
        command.SetAction(parsed => import(
            parsed,
            read(parsed.GetValue(paths)!, new ExportOptions(parsed.GetValue(account) is { } stated ? Account.Parse(stated) : null, parsed.GetValue(source)))));
        return command;
    }

    /// <summary>Prints what was left out: each kind with its number, and in how many files it stood.</summary>
    public static void PrintLeftOut(TextWriter output, IReadOnlyList<LeftOut> leftOut)
    {
        foreach (var kind in leftOut.GroupBy(left => left.What).OrderByDescending(kind => kind.Sum(left => left.Count)).ThenBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var where = kind.Select(left => left.File).Distinct().ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left out: {kind.Sum(left => left.Count)} {kind.Key} ({(where.Count == 1 ? where[0] : $"{where.Count} files")})"));
        }
    }
}
