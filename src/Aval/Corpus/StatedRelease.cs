using System.Text.Json;

namespace Aval.Corpus;

/// <summary>A release and what became of it, as it is told.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Manifest">What it was made of.</param>
/// <param name="Dropped">That it is not kept any longer; null = it is.</param>
/// <param name="Withdrawn">That it must not be used any more; null = it may be.</param>
internal sealed record StatedRelease(
    string Folder, Manifest Manifest, DroppedRelease? Dropped, Withdrawal? Withdrawn)
{
    /// <summary>Whether an erasure made another one in its place: its rows and its lineage are gone.</summary>
    public bool IsSuperseded { get; private init; }

    /// <summary>Whether what it held, and whose it was, can still be told.</summary>
    public bool HasRows => Dropped is null && !IsSuperseded;

    /// <summary>NAME/ID.</summary>
    public string Name => $"{Manifest.Corpus}/{Manifest.Release}";

    /// <summary>Whether it may be used, in words.</summary>
    public string State => (Dropped, Withdrawn) switch
    {
        ({ } dropped, _) => $"dropped {dropped.At.ToText()}",
        (_, { } withdrawn) => $"withdrawn {withdrawn.At.ToText()}; take {withdrawn.Successor ?? "a new one"}",
        _ => "may be used",
    };

    /// <summary>Reads it.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <exception cref="AvalException">Bad input: the manifest, or what says what became of it, is damaged.</exception>
    public static StatedRelease Of(string folder) => Of(folder, Withdrawal.All(Path.GetDirectoryName(folder)!));

    /// <summary>Reads the releases of a corpus that were not superseded.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    /// <exception cref="AvalException">As for <see cref="Of(string)"/>.</exception>
    public static IEnumerable<StatedRelease> In(string corpus)
    {
        var withdrawn = Withdrawal.All(corpus);
        return ReleaseName.Releases(corpus).Select(folder => Of(folder, withdrawn));
    }

    private static StatedRelease Of(string folder, IReadOnlyList<Withdrawal> withdrawn)
    {
        var manifest = Manifest.Read(folder);
        return new StatedRelease(
            folder, manifest, DroppedRelease.Of(folder), Withdrawal.Of(withdrawn, manifest.Release));
    }

    /// <summary>All that were ever made and not removed by hand, in all corpora: those that were dropped, withdrawn and
    /// superseded too, since models were made of them.</summary>
    /// <param name="workspace">Of which workspace.</param>
    /// <exception cref="AvalException">As for <see cref="Of(string)"/>.</exception>
    public static IReadOnlyList<StatedRelease> All(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return
        [
            .. (Directory.Exists(workspace.Corpus) ? Directory.EnumerateDirectories(workspace.Corpus) : [])
                .SelectMany(corpus => In(corpus).Concat(SupersededIn(corpus)))
                .OrderBy(release => release.Name, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<StatedRelease> SupersededIn(string corpus)
    {
        var withdrawn = Withdrawal.All(corpus);
        return ReleaseName.Superseded(corpus)
            .Select(folder => Of(folder, withdrawn) with { IsSuperseded = true });
    }

    /// <summary>As JSON.</summary>
    /// <param name="json">Where.</param>
    /// <param name="withPath">For whoever is on this machine.</param>
    public void Write(Utf8JsonWriter json, bool withPath)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("release", Name);
        if (withPath)
            json.WriteString("path", Folder);
        json.WriteString("policy", Manifest.PolicyName);
        json.WriteString("as_of", Manifest.AsOf.ToText());
        json.WriteString("protect_until", Manifest.ProtectUntil.ToText());
        json.WriteNumber("ledger_size", Manifest.LedgerSize.Value);
        json.WriteNumber("erased_to", Manifest.ErasedTo.Value);
        json.WriteNumber("rows", Manifest.Admitted);
        json.WriteBoolean("retained", Dropped is null);
        if (Dropped is { } dropped)
            json.WriteString("dropped", dropped.At.ToText());
        if (Withdrawn is { } withdrawn)
        {
            json.WriteString("withdrawn", withdrawn.At.ToText());
            if (withdrawn.Successor is { } successor)
                json.WriteString("successor", successor);
        }

        json.WriteEndObject();
    }
}
