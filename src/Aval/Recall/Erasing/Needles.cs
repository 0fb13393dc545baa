using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Content.Exports;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>What a scan looks for: by what somebody could be found again.</summary>
/// <param name="Accounts">Accounts, <c>service:id</c>.</param>
/// <param name="Items">Items, <c>item:service:id</c>; and such as nothing may answer, <c>reply:service:id</c>.</param>
/// <param name="Texts">Texts; of fewer than <see cref="ShortestText"/> bytes they would be found everywhere.</param>
internal sealed record Needles(
    IReadOnlySet<string> Accounts, IReadOnlySet<string> Items, IReadOnlySet<string> Texts)
{
    /// <summary>The shortest text that is looked for, in bytes of UTF-8.</summary>
    public const int ShortestText = 24;

    /// <summary>Nothing.</summary>
    public static Needles None { get; } = new(new HashSet<string>(), new HashSet<string>(), new HashSet<string>());

    /// <summary>Handles as they are compared, <c>service@handle</c>.</summary>
    public IReadOnlySet<string> Handles { get; init; } = new HashSet<string>();

    /// <summary>What releases may hold of erased persons in others' texts, not looked for by a scan: <c>service</c>,
    /// <c>id</c> of the item and what names them in it, with the unit separator (U+001F) between.</summary>
    public IReadOnlySet<string> Masks { get; init; } = new HashSet<string>();

    /// <summary>Until when each account was erased: <c>service:id</c>, a space, the instant.</summary>
    public IReadOnlySet<string> Until { get; init; } = new HashSet<string>();

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => Accounts.Count + Items.Count + Texts.Count + Handles.Count == 0;

    /// <summary>Both.</summary>
    public Needles And(Needles other) => new(
        Both(Accounts, other.Accounts), Both(Items, other.Items), Both(Texts, other.Texts))
    {
        Handles = Both(Handles, other.Handles),
        Masks = Both(Masks, other.Masks),
        Until = Both(Until, other.Until),
    };

    private static HashSet<string> Both(IReadOnlySet<string> one, IReadOnlySet<string> other) =>
        one.Union(other).ToHashSet(StringComparer.Ordinal);

    /// <summary>A handle as it is looked for, of how people write it: <c>service:handle</c>.</summary>
    /// <exception cref="AvalException">Usage: it is written otherwise.</exception>
    public static string HandleOf(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        var folded = colon < 1 ? "" : Handle.Compared(written[..colon], written[(colon + 1)..]);
        return folded.Length > 0
            ? $"{written[..colon]}@{folded}"
            : throw AvalException.Usage($"--handle is service:handle, for example instagram:kim_invented, but "
                + $"\"{Shown.Of(written)}\" was found. Nothing was searched.");
    }

    /// <summary>Whether a text is long enough to be looked for.</summary>
    public static bool IsLong(string text) => Encoding.UTF8.GetByteCount(text) >= ShortestText;
}

/// <summary>
/// Needles between a run that was killed and the next: encrypted (AES-256-GCM) under a key that lies beside them and is
/// destroyed with them, when a scan found nothing.
/// </summary>
internal sealed class NeedleSpool(string folder)
{
    private const int NonceSize = 12, TagSize = 16;

    private readonly Destruction _destruction = new(folder);

    private string Spool => Path.Combine(folder, "needles");

    private string Key => Path.Combine(folder, "needles.key");

    /// <summary>What was kept; none when nothing was.</summary>
    public Needles Read()
    {
        if (!File.Exists(Spool) || !File.Exists(Key))
            return Needles.None;
        var all = File.ReadAllBytes(Spool);
        var plain = new byte[all.Length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(File.ReadAllBytes(Key), TagSize);
            cipher.Decrypt(
                all.AsSpan(0, NonceSize), all.AsSpan(NonceSize + TagSize), all.AsSpan(NonceSize, TagSize), plain);
        }
        catch (CryptographicException broken)
        {
            throw AvalException.BadInput($"{Spool}: this was not written under {Key}: one of them was changed. Nothing "
                + "was erased. Remove both and run aval erase again; what is looked for afterwards is then only what "
                + "that run takes.", broken);
        }

        var kept = JsonSerializer.Deserialize<string[][]>(plain)!;
        return new Needles(kept[0].ToHashSet(), kept[1].ToHashSet(), kept[2].ToHashSet())
        {
            Handles = kept[3].ToHashSet(),
            Masks = kept[4].ToHashSet(),
            Until = kept[5].ToHashSet(),
        };
    }

    /// <summary>Keeps needles, before what they are of is taken.</summary>
    public void Keep(Needles needles)
    {
        if (!File.Exists(Key))
            Durable.CreateNew(Key, RandomNumberGenerator.GetBytes(32), Durable.Private);
        var plain = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            needles.Accounts, needles.Items, needles.Texts, needles.Handles, needles.Masks, needles.Until,
        });
        var all = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(File.ReadAllBytes(Key), TagSize);
        cipher.Encrypt(
            all.AsSpan(0, NonceSize), plain, all.AsSpan(NonceSize + TagSize), all.AsSpan(NonceSize, TagSize));
        Durable.Replace(Spool, all, Durable.Private);
    }

    /// <summary>Destroys them, the key last.</summary>
    public void Destroy()
    {
        _destruction.Destroy([Spool]);
        _destruction.Destroy([Key]);
    }
}
