using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// Whom the controller tells that rows must not be used any more: each recipient to whom they were disclosed (GDPR
/// Art. 19), and whoever processes what was made public (Art. 17(2)). It names rows by their keys, never a person.
/// </summary>
/// <param name="Id">The same for the same recipient, thing and rows.</param>
/// <param name="Recipient">To whom.</param>
/// <param name="About">The export's id or the model's name.</param>
/// <param name="IsExport">It is about an export, whose rows the recipient holds.</param>
/// <param name="Rows">The keys of the rows; empty when nobody can tell which.</param>
/// <param name="WrittenAt">When it was written; null = it was not.</param>
/// <param name="AcknowledgedAt">When the recipient said that it was done; null = it did not.</param>
internal sealed record Notice(
    string Id, string Recipient, string About, bool IsExport, IReadOnlyList<string> Rows, DateTimeOffset? WrittenAt,
    DateTimeOffset? AcknowledgedAt)
{
    private const string RowsFile = "rows.txt";

    /// <summary>The notices that an impact asks for.</summary>
    public static IReadOnlyList<Notice> Of(
        IReadOnlyList<Stated> stated, IReadOnlyList<ImpactedExport> exports, IReadOnlyList<ImpactedModel> impacted,
        RegisteredModels models, ImpactRows rows)
    {
        var written = stated.OfType<NoticeWritten>().ToLookup(one => one.Notice, StringComparer.Ordinal);
        var acknowledged = stated.OfType<NoticeAcknowledged>().ToLookup(one => one.Notice, StringComparer.Ordinal);
        Notice Made(string recipient, string about, bool isExport, IReadOnlyCollection<string> sources)
        {
            var keys = rows.Count(sources) is null ? [] : rows.Keys(sources);
            var id = "notice-" + Convert.ToHexStringLower(SHA256.HashData(
                Encoding.UTF8.GetBytes($"{recipient}\n{about}\n{string.Join('\n', keys)}")))[..12];
            return new Notice(
                id, recipient, about, isExport, keys, written[id].FirstOrDefault()?.At,
                acknowledged[id].FirstOrDefault()?.At);
        }

        return
        [
            .. exports.Where(one => one.Export.Recipient is not null)
                .Select(one => Made(one.Export.Recipient!, one.Export.Export, true, [one.Export.Export])),
            .. impacted.Where(one => one.Outcome is not Outcome.NotAffected)
                .SelectMany(one => one.Model.Recipients.Select(recipient =>
                    Made(recipient, one.Model.Name, false, Impact.SourcesOf(models, one.Model)))),
        ];
    }

    /// <summary>
    /// Writes notices into a new folder, in French and in English with the list of rows, and states it.
    /// </summary>
    /// <exception cref="AvalException">Usage: the folder is there.</exception>
    public static void Write(
        Workspace workspace, IReadOnlyList<Notice> notices, string folder, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(notices);
        using var place = ExportPlace.Begin(workspace, folder);
        var written = new List<NoticeWritten>();
        foreach (var notice in notices)
        {
            var own = Path.Combine(place.Unfinished, notice.Id);
            Directory.CreateDirectory(own);
            var list = Encoding.UTF8.GetBytes(string.Concat(notice.Rows.Select(key => key + "\n")));
            Durable.Replace(Path.Combine(own, RowsFile), list, Durable.Private);
            var sha = Convert.ToHexStringLower(SHA256.HashData(list));
            foreach (var (language, text) in NoticeText.In(notice, workspace.Settings.Controller, sha, now))
                Durable.Replace(
                    Path.Combine(own, $"notice.{language}.txt"), Encoding.UTF8.GetBytes(text), Durable.Private);
            if (notice.WrittenAt is null)
            {
                written.Add(new NoticeWritten(now, notice.Id, notice.Recipient, notice.About, notice.Rows.Count)
                {
                    Subjects = [new StatedFile($"{notice.Id}/{RowsFile}", sha)],
                });
            }
        }

        place.Complete();
        // A notice that is stated and is nowhere would never be written again; one that is there and not stated is.
        foreach (var one in written)
            Register.Enter(workspace, one);
    }

    /// <summary>Writes down that a recipient has said that it did what a notice asks.</summary>
    /// <exception cref="AvalException">Usage: no such notice was ever written.</exception>
    public static Registered Acknowledge(Workspace workspace, string id, DateTimeOffset now)
    {
        var written = Register.Read(workspace).Select(one => one.Stated).OfType<NoticeWritten>()
            .FirstOrDefault(one => one.Notice == id)
            ?? throw AvalException.Usage(string.Create(
                CultureInfo.InvariantCulture,
                $"\"{Shown.Of(id)}\": no notice of this number was written here. Nothing was recorded. Write them "
                    + $"with: aval impact --since N --notices DIR"));
        return Register.Enter(workspace, new NoticeAcknowledged(now, id) { Subjects = written.Subjects });
    }
}
