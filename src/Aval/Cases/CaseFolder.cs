using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Cases;

/// <summary>Where cases lie: each in a folder of its own, for its owner alone.</summary>
internal static partial class CaseFolder
{
    private const string FileName = "case.json";
    private const string EvidenceName = "evidence";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All cases: those that are overdue first, then those whose deadline comes first, and the closed
    /// last.</summary>
    public static IReadOnlyList<Case> All(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!Directory.Exists(workspace.Cases))
            return [];
        var working = workspace.Settings.WorkingDays;
        return
        [
            .. Directory.GetDirectories(workspace.Cases).Select(folder => Path.Combine(folder, FileName))
                .Where(File.Exists).Select(file => CaseJson.Read(File.ReadAllBytes(file), file))
                .OrderBy(one => one.ClosedAt is not null)
                .ThenBy(one => one.Deadline?.LastDay(working) ?? DateOnly.MaxValue)
                .ThenBy(one => one.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>One case.</summary>
    /// <exception cref="AvalException">Usage: there is none of this name. Bad input: it was changed by
    /// hand.</exception>
    public static Case Require(Workspace workspace, string name)
    {
        var file = Path.Combine(FolderOf(workspace, name), FileName);
        return File.Exists(file)
            ? CaseJson.Read(File.ReadAllBytes(file), file)
            : throw AvalException.Usage($"There is no case \"{name}\" in this workspace. Nothing was done. See: aval "
                + "case list");
    }

    /// <summary>Makes a case.</summary>
    /// <exception cref="AvalException">Refused: there is one of its name.</exception>
    public static Case Open(Workspace workspace, Case begun, DateTimeOffset at, string by)
    {
        ArgumentNullException.ThrowIfNull(begun);
        var folder = FolderOf(workspace, begun.Name);
        FileModes.MakePrivateFolder(folder);
        using var held = Hold(folder, begun.Name);
        if (File.Exists(Path.Combine(folder, FileName)))
            throw AvalException.Refused($"There is a case \"{begun.Name}\" already. Nothing was done. Give the new one "
                + $"another name, or see: aval case show {begun.Name}");
        return Write(folder, CaseJson.After(begun, at, by, "opened"));
    }

    /// <summary>Takes a step: one at a time, and whole or not at all.</summary>
    /// <param name="workspace">Where the case is.</param>
    /// <param name="name">Which.</param>
    /// <param name="at">When.</param>
    /// <param name="by">By whom.</param>
    /// <param name="step">What the case is afterwards, and what was done in a sentence.</param>
    /// <exception cref="AvalException">Refused: it is closed.</exception>
    public static Case Step(
        Workspace workspace, string name, DateTimeOffset at, string by, Func<Case, (Case Now, string What)> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var folder = FolderOf(workspace, name);
        _ = Require(workspace, name);
        using var held = Hold(folder, name);
        var before = Require(workspace, name);
        if (before.ClosedAt is { } closed)
            throw AvalException.Refused($"The case {name} was closed on {closed.ToText()} ({before.Outcome}). Nothing "
                + "was done. What comes after it is a new case: aval case open");
        var (now, what) = step(before);
        return Write(folder, CaseJson.After(now, at, by, what));
    }

    /// <summary>Keeps a file of evidence under its hash.</summary>
    public static EvidenceFile Keep(Workspace workspace, string name, string role, string called, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var folder = Path.Combine(FolderOf(workspace, name), EvidenceName);
        FileModes.MakePrivateFolder(folder);
        var path = Path.Combine(folder, sha256);
        if (!HashedFile.Is(path, sha256))
            Durable.Replace(path, bytes, Durable.Private);
        return new EvidenceFile(role, called, sha256, bytes.LongLength);
    }

    /// <summary>The bytes of a file of evidence, as they were when it was added.</summary>
    /// <exception cref="AvalException">Bad input: they are not.</exception>
    public static byte[] Bytes(Workspace workspace, string name, EvidenceFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = Path.Combine(FolderOf(workspace, name), EvidenceName, file.Sha256);
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Sha256 && File.Exists(path)
            ? bytes
            : throw AvalException.BadInput($"{path}: {file.Name} is missing or is not what was added. Nothing was "
                + "done. Restore the file from your backup.");
    }

    private static Case Write(string folder, Case now)
    {
        Durable.Replace(Path.Combine(folder, FileName), [.. CaseJson.Of(now), (byte)'\n'], Durable.Private);
        return now;
    }

    private static FileLock Hold(string folder, string name) =>
        FileLock.Acquire(Path.Combine(folder, ".lock"), $"the case {name}", Patience);

    private static string FolderOf(Workspace workspace, string name)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Shape().IsMatch(name)
            ? Path.Combine(workspace.Cases, name)
            : throw AvalException.Usage("A case's name has 1-64 of a-z, 0-9, '.', '_' and '-' and begins with a letter "
                + $"or digit, but {Shown.Of(name)} was found. Nothing was done.");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
