using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Aval.Ledger;

/// <summary>
/// The ledger's private Ed25519 key, in a file of its own in Go's spelling of a signer:
/// <c>PRIVATE+KEY+name+hex8(id)+base64(0x01 ‖ 32 bytes of seed)</c>. Signing is deterministic (RFC 8032): the same text
/// gives the same signature.
/// </summary>
internal sealed class SigningKey
{
    private const string Prefix = "PRIVATE+KEY+";
    private readonly byte[] _seed;

    private SigningKey(string name, byte[] seed)
    {
        _seed = seed;
        var key = new byte[VerifierKey.KeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        Verifier = VerifierKey.Of(name, key);
    }

    /// <summary>Who can verify what it signs.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>A new key.</summary>
    /// <param name="name">The ledger's origin.</param>
    public static SigningKey Generate(string name) => new(name, RandomNumberGenerator.GetBytes(VerifierKey.KeySize));

    /// <summary>Reads a key file.</summary>
    /// <exception cref="AvalException">Bad input: there is none, or it is damaged.</exception>
    public static SigningKey Read(string path)
    {
        if (!File.Exists(path))
            throw AvalException.BadInput($"{path}: the ledger's signing key is missing. Nothing was done. "
                + "Restore it from your backup; without it, see \"A lost key\" in docs/operations.md.");
        FileModes.RequirePrivateKey(path);
        var text = File.ReadAllText(path).Trim();
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('+', 3) : [];
        try
        {
            if (parts.Length == 3
                && Convert.FromBase64String(parts[2]) is [0x01, .. { Length: VerifierKey.KeySize } seed])
            {
                var key = new SigningKey(parts[0], seed);
                if (parts[1] == key.Verifier.Id.ToString("x8", CultureInfo.InvariantCulture))
                    return key;
            }
        }
        catch (Exception broken) when (broken is FormatException or ProofException)
        {
            // Said below, without what the file holds: it is a secret.
        }

        throw AvalException.BadInput($"{path}: this is not a whole signing key (PRIVATE+KEY+NAME+ID+…). "
            + "Nothing was done. Restore it from your backup.");
    }

    /// <summary>Creates the key's file, for its owner alone; never over one that exists.</summary>
    public void CreateNew(string path) =>
        Durable.CreateNew(path, Encoding.UTF8.GetBytes(ToText() + "\n"), Durable.Private);

    /// <summary>Whether a key file holds this key, and has not been given another one since it was read.</summary>
    public bool IsIn(string path) => File.ReadAllText(path).Trim() == ToText();

    /// <summary>A signed note of <paramref name="text"/>.</summary>
    /// <param name="text">Ends with a newline.</param>
    /// <param name="also">Other keys that sign it too.</param>
    public byte[] Sign(string text, params IEnumerable<SigningKey> also) =>
        SignedNote.Write(text, also.Prepend(this).Select(key => key.Line(text)));

    /// <summary>The signature over bytes that are no note: they must not be able to pass for one.</summary>
    /// <returns>64 bytes.</returns>
    internal byte[] SignBytes(byte[] message)
    {
        var signature = new byte[VerifierKey.SignatureSize];
        Ed25519.Sign(_seed, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    private NoteSignature Line(string text) =>
        new(Verifier.Name, Verifier.Id, SignBytes(Encoding.UTF8.GetBytes(text)));

    private string ToText() => $"{Prefix}{Verifier.Name}+{Verifier.Id:x8}+{Convert.ToBase64String([0x01, .. _seed])}";
}
