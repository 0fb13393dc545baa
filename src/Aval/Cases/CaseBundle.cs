using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Cases;

/// <summary>
/// A case in one folder and one zip of it, which an authority opens offline: what is alleged and by what it is shown,
/// the evidence, the keys, and a script that checks all of it. The same case has the same bytes. It holds nothing about
/// a person who is no party.
/// </summary>
internal static partial class CaseBundle
{
    // Beside those of the case's own accounts.
    private static readonly string[] Services = ["facebook", "instagram", "threads", "whatsapp", "outside"];
    private const string Program = "aval";
    private static readonly DateTimeOffset Fixed = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes it: a folder that must be new, and beside it the zip.</summary>
    /// <param name="workspace">Whose case.</param>
    /// <param name="whole">The case.</param>
    /// <param name="folder">The new folder.</param>
    /// <param name="verifier">A folder with the published program (docs/install.md), which is put into it; null =
    /// whoever opens it has one.</param>
    /// <returns>The zip's path.</returns>
    /// <exception cref="AvalException">Refused: it would tell of somebody who is no party. Usage: there is no program
    /// in <paramref name="verifier"/>.</exception>
    public static string Write(Workspace workspace, Case whole, string folder, string? verifier = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(whole);
        var zip = folder.TrimEnd('/') + ".zip";
        if (Path.Exists(folder) || File.Exists(zip))
            throw AvalException.Usage($"{folder}: a bundle goes into a new folder, with a new zip beside it, and one "
                + "of them is there. Nothing was written. Name another one with --out.");
        var files = Files(workspace, whole, verifier);
        // Whole or not there: what a kill leaves bears another name, and is made anew.
        var unfinished = folder.TrimEnd('/') + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        foreach (var (name, bytes) in files)
        {
            var path = Path.Combine(unfinished, name);
            FileModes.MakePrivateFolder(Path.GetDirectoryName(path)!);
            Durable.CreateNew(path, bytes, Mode(name));
        }

        Durable.Replace(zip, Zip(files), Durable.Private);
        Directory.Move(unfinished, folder);
        return zip;
    }

    /// <summary>Each file of a bundle by its name, in order.</summary>
    public static SortedDictionary<string, byte[]> Files(Workspace workspace, Case whole, string? verifier = null)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var one in whole.Evidence)
        {
            foreach (var file in one.Files)
                files[$"{Verifying.FolderOf(one)}/{file.Name}"] = CaseFolder.Bytes(workspace, whole.Name, file);
        }

        RequirePartiesOnly(whole, files);
        foreach (var key in Keys(whole))
            files[KeyFile(whole, key)] = Encoding.UTF8.GetBytes($"{key}\n");
        foreach (var (name, note) in Checkpoints(whole, files))
            files[name] = note;
        // Without its history, which names who kept it: no party either.
        files["case.json"] = [.. CaseJson.Of(whole with { History = [] }), (byte)'\n'];
        files["index.html"] = Encoding.UTF8.GetBytes(CasePage.Of(whole, key => KeyFile(whole, key)));
        foreach (var (name, bytes) in Verifier(verifier))
            files[name] = bytes;
        files["verify.sh"] = Encoding.UTF8.GetBytes(VerifyScript.Of(whole, files, key => KeyFile(whole, key)));
        return files;
    }

    // All of it, since nobody knows what the machine that opens it has.
    private static IEnumerable<(string Name, byte[] Bytes)> Verifier(string? folder)
    {
        if (folder is null)
            yield break;
        if (!File.Exists(Path.Combine(folder, Program)))
            throw AvalException.Usage($"{folder}: expected a folder with the published program, {Program}, but "
                + "there is none. Nothing was written. Make it: dotnet publish src/Aval.Cli -r linux-x64 -o FOLDER");
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            yield return ($"verifier/{Path.GetRelativePath(folder, file).Replace('\\', '/')}", File.ReadAllBytes(file));
    }

    /// <summary>Where a key lies in a bundle.</summary>
    public static string KeyFile(Case whole, string key) => string.Create(
        CultureInfo.InvariantCulture, $"keys/{Array.IndexOf(Keys(whole), key) + 1:D2}.vkey");

    private static string[] Keys(Case whole) => [.. whole.Evidence.SelectMany(one => one.Keys).Distinct()
        .Order(StringComparer.Ordinal)];

    // Each checkpoint that a proof leads to, once: whoever keeps others of the log compares them.
    private static IEnumerable<(string Name, byte[] Note)> Checkpoints(
        Case whole, SortedDictionary<string, byte[]> files)
    {
        var seen = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var one in whole.Evidence)
        {
            foreach (var file in one.Files)
            {
                if (NoteOf(file, files[$"{Verifying.FolderOf(one)}/{file.Name}"]) is { } note)
                    seen[$"checkpoints/{Convert.ToHexStringLower(SHA256.HashData(note))[..12]}"] = note;
            }
        }

        return seen.Select(one => (one.Key, one.Value));
    }

    private static byte[]? NoteOf(EvidenceFile file, byte[] bytes) => file.Role switch
    {
        "receipt" => Receipt.Parse(bytes).Inclusion.Note,
        EvidenceCheck.EntryName => InclusionProof.Parse(bytes).Note,
        "checkpoint" => bytes,
        "member-list" => MemberList.Parse(bytes).Note,
        _ => null,
    };

    // What names people is found by what was checked, and in texts by how accounts are spelled.
    private static void RequirePartiesOnly(Case whole, SortedDictionary<string, byte[]> files)
    {
        var parties = whole.PartyAccounts;
        string[] services =
        [
            .. Services, .. parties.Concat(whole.Evidence.SelectMany(one => one.Accounts)).Select(ServiceOf).Distinct(),
        ];
        List<string> strangers =
        [
            .. Spelled(services, CaseJson.Of(whole with { Evidence = [] })).Distinct()
                .Where(account => !parties.Contains(account)).Select(account => $"  its texts: {Shown.Of(account)}"),
        ];
        foreach (var one in whole.Evidence)
        {
            var texts = one.Files.Select(file => files[$"{Verifying.FolderOf(one)}/{file.Name}"])
                .Append(Encoding.UTF8.GetBytes(one.Title));
            var told = one.Accounts.Concat(texts.SelectMany(text => Spelled(services, text)));
            strangers.AddRange(told.Distinct().Where(account => !parties.Contains(account))
                .Select(account => $"  {one.Id} ({RequestWords.Kebab(one.Kind)}): {Shown.Of(account)}"));
        }

        if (strangers.Count > 0)
            throw AvalException.Refused($"The case {whole.Name}: a bundle holds nothing about a person who is no "
                + $"party, and this would tell of:\n{string.Join('\n', strangers)}\nNothing was written. Name the "
                + "account at its party in a new case, or leave the evidence out of it.");
    }

    private static IEnumerable<string> Spelled(string[] services, byte[] bytes)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return []; // Not a text: the index says that nobody looked into it.
        }

        return Accounts().Matches(text).Select(found => found.Value.TrimEnd('.', ',', ';', '\\'))
            .Where(word => services.Contains(ServiceOf(word)) && Account.TryParse(word, out _));
    }

    private static string ServiceOf(string account) => account[..account.IndexOf(':', StringComparison.Ordinal)];

    private static byte[] Zip(SortedDictionary<string, byte[]> files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                // Stored, since the bytes of what is compressed depend on the version of the library.
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Fixed;
                entry.ExternalAttributes = (int)Mode(name) << 16;
                using var into = entry.Open();
                into.Write(bytes);
            }
        }

        return packed.ToArray();
    }

    private static UnixFileMode Mode(string name) => name is "verify.sh" or $"verifier/{Program}"
        ? Durable.Private | UnixFileMode.UserExecute
        : Durable.Private;

    [GeneratedRegex(@"\b[a-z][a-z0-9-]*:[^\s""'<>()\[\]{}|]+", RegexOptions.CultureInvariant)]
    private static partial Regex Accounts();
}
