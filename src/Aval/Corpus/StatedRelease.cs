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
    public static StatedRelease Of(string folder)
    {
        var manifest = Manifest.Read(folder);
        return new StatedRelease(
            folder, manifest, DroppedRelease.Of(folder),
            Withdrawal.Of(Path.GetDirectoryName(folder)!, manifest.Release));
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
