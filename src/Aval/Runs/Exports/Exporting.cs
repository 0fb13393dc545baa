using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Content;
using Aval.Corpus;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>What an export made.</summary>
/// <param name="Registered">Its statement.</param>
/// <param name="Made">What it says.</param>
/// <param name="Files">The files that the statement is about.</param>
internal sealed record ExportOutcome(Registered Registered, ExportMade Made, IReadOnlyList<ManifestFile> Files);

/// <summary>
/// Hands a release to a trainer, in a form that trainers read: shuffled, split by person, counted in tokens, described
/// in Croissant, and registered with its recipient.
/// </summary>
internal static class Exporting
{
    /// <summary>The statement's name in an export.</summary>
    public const string StatementFile = "export.intoto.json";

    private const string Undone = "Nothing was exported.";

    /// <summary>Makes an export.</summary>
    /// <exception cref="AvalException">Refused: the release was withdrawn, is replay-only, or does not verify; an order
    /// in force stops its use. Usage: the folder cannot be one. Bad input: there is no row to export, or nobody can
    /// tell who is in the release. Busy: somebody restricted the use of rows while they were written.</exception>
    public static ExportOutcome Make(
        Workspace workspace, ExportRequest request, TimeProvider clock, EngineLimits limits,
        Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(watch);
        var now = clock.UtcNow();
        using var place = ExportPlace.Begin(workspace, request.Folder);
        watch(new BuildProgress("verify", 0));
        var release = VerifiedRelease.Require(workspace, request.Release, Undone, now);
        if (request.Slices is { } slices)
            request = request with { Splits = Slices.Parts(slices, release.Manifest) };
        watch(new BuildProgress("choices", 0));
        var known = Known.Of(workspace);
        using var late = LateChoices.Find(workspace, release.Manifest, now, limits);
        var leftOut = LeftOutOf(late, workspace, release);
        var (splits, files) = Write(place, ExportRows.Of(late, workspace, release, request), release, request, watch);
        // Hours may have passed, and what was served, said or observed meanwhile holds for what leaves now.
        VerifiedRelease.RequireUsable(workspace, release.Manifest, Undone, clock.UtcNow());
        if (Known.Of(workspace) != known)
            RequireNoneRestrictedSince(workspace, release, leftOut, clock.UtcNow(), limits);
        var made = new ExportMade(
            now, IdOf(place.Folder, release, now), release.Name, release.ManifestSha256, place.Folder,
            request.Recipient, request.Format.ToString().ToLowerInvariant(), request.Languages, request.Seed,
            splits, Tokens.Vocabulary, KeepLeftOut(workspace, leftOut), late.Authors)
        {
            Slices = request.Slices,
            Subjects = [.. files.Select(file => new StatedFile(file.Path, file.Sha256))],
        };
        // Registered before it is there: whoever finds an export finds it in the register.
        var registered = Register.Enter(workspace, made);
        // An erasure that withdrew the release before this was registered has not looked for it, and none will again.
        RequireUsable(workspace, release, made, clock.UtcNow());
        File.Copy(
            Register.FileOf(workspace, registered.Sha256), Path.Combine(place.Unfinished, StatementFile));
        Durable.FlushFile(Path.Combine(place.Unfinished, StatementFile));
        place.Complete();
        return new ExportOutcome(registered, made, files);
    }

    // Counted, written and described; nothing of it is there yet.
    private static (SplitCount[] Splits, List<ManifestFile> Files) Write(
        ExportPlace place, ExportRows rows, VerifiedRelease release, ExportRequest request,
        Action<BuildProgress> watch)
    {
        watch(new BuildProgress("count", 0));
        var counts = rows.Count();
        if (counts.Count == 0)
            throw AvalException.BadInput($"{release.Name}: no row of it would be exported"
                + (request.Languages.Count > 0 ? $" (--language {string.Join(',', request.Languages)})" : "")
                + $". {Undone}");
        SplitCount[] splits =
        [
            .. request.Splits.Select(split => new SplitCount(
                split.Name, counts.Where(count => count.Split == split.Name).Sum(count => count.Rows),
                counts.Where(count => count.Split == split.Name).Sum(count => count.Tokens))),
        ];
        Directory.CreateDirectory(Path.Combine(place.Unfinished, "data"));
        var files = new List<ManifestFile>();
        foreach (var (split, at) in request.Splits.Select((split, at) => (split, at)))
        {
            watch(new BuildProgress("write", (double)at / request.Splits.Count));
            var path = Path.Combine(place.Unfinished, "data", $"{split.Name}.{Ending(request.Format)}");
            rows.Write(split, path);
            files.Add(Shards.Describe(path, splits[at].Rows));
        }

        var languages = counts.Select(count => count.Language).Distinct().Order(StringComparer.Ordinal).ToArray();
        files.Add(Add(place, Croissant.FileName, Croissant.Of(
            release, request, files, splits, languages)));
        return (splits, files);
    }

    // What is registered and is not there after all is said to be destroyed: nobody is told of rows that never left.
    private static void RequireUsable(
        Workspace workspace, VerifiedRelease release, ExportMade made, DateTimeOffset now)
    {
        try
        {
            VerifiedRelease.RequireUsable(workspace, release.Manifest, Undone, now);
        }
        catch (AvalException)
        {
            Register.Enter(
                workspace, new ExportDestroyed(now, made.Export, release.Name) { Subjects = made.Subjects });
            throw;
        }
    }

    // What decides which rows are restricted, besides the release: while neither grows, nobody need be asked again.
    private sealed record Known(TreeSize Choices, string Imports)
    {
        public static Known Of(Workspace workspace)
        {
            using var choices = CommittedChoices.Open(workspace);
            return new Known(choices.Store.ChoicesSize, ImportLog.ReadAll(workspace).Link);
        }
    }

    private static void RequireNoneRestrictedSince(
        Workspace workspace, VerifiedRelease release, IReadOnlyList<string> leftOut, DateTimeOffset now,
        EngineLimits limits)
    {
        using var again = LateChoices.Find(workspace, release.Manifest, now, limits);
        var since = LeftOutOf(again, workspace, release).Except(leftOut, StringComparer.Ordinal).Count();
        if (since > 0)
            throw AvalException.Busy(string.Create(CultureInfo.InvariantCulture, $"{release.Name}: the use of {since} "
                + $"rows was restricted (GDPR Art. 18) while they were written. {Undone} Export it again: they stay "
                + $"out then."));
    }

    private static string Ending(ExportFormat format) => format switch
    {
        ExportFormat.Parquet => "parquet",
        ExportFormat.Jsonl => "jsonl",
        ExportFormat.Text => "txt",
    };

    private static ManifestFile Add(ExportPlace place, string name, byte[] content)
    {
        var path = Path.Combine(place.Unfinished, name);
        Durable.Replace(path, content, Durable.Private);
        return Shards.Describe(path, rows: null) with { Path = name };
    }

    private static List<string> LeftOutOf(LateChoices late, Workspace workspace, VerifiedRelease release)
    {
        _ = LateMentions.OfRestricted(late, workspace, release);
        return [.. late.Engine.Query(
            $"SELECT row_key::VARCHAR FROM ({ExportRows.LeftOut}) ORDER BY row_key", row => row.GetString(0))];
    }

    // The keys of what was left out stay here: by them an export is told from one that lost rows.
    private static LeftOut? KeepLeftOut(Workspace workspace, List<string> keys)
    {
        if (keys.Count == 0)
            return null;
        var list = Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => key + "\n")));
        var sha = Convert.ToHexStringLower(SHA256.HashData(list));
        var folder = Path.Combine(workspace.Runs, "left-out");
        FileModes.MakePrivateFolder(folder);
        Durable.Replace(Path.Combine(folder, $"{sha}.txt"), list, Durable.Private);
        return new LeftOut(keys.Count, sha);
    }

    private static string IdOf(string folder, VerifiedRelease release, DateTimeOffset now) => string.Concat(
        "export-", now.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), "-",
        Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{folder}\n{release.ManifestSha256}\n{now.ToText()}")))[..8]);
}
