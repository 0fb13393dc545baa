using System.Globalization;
using System.Text;
using System.Text.Json;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// A DSSE envelope around an in-toto statement, signed by the ledger's key: what the tools of the supply-chain world
/// read. What is signed begins with <c>DSSEv1 28 </c>, and no text that the key signs elsewhere has a space on its
/// first line, so that neither can be taken for the other.
/// </summary>
internal static class Envelope
{
    /// <summary>The media type of what is inside.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>Signs a statement.</summary>
    /// <returns>The envelope's bytes.</returns>
    public static byte[] Seal(byte[] payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.SignBytes(Authenticated(payload));
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("payloadType", PayloadType);
            json.WriteString("payload", Convert.ToBase64String(payload));
            json.WriteStartArray("signatures");
            json.WriteStartObject();
            json.WriteString("keyid", KeyId(key.Verifier));
            json.WriteString("sig", Convert.ToBase64String(signature));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>The statement inside, once one of the keys has signed it.</summary>
    /// <param name="envelope">The envelope's bytes.</param>
    /// <param name="keys">The ledger's keys.</param>
    /// <param name="isEntered">An entry of the ledger commits to it, which the caller compares: of a ledger that was
    /// closed under a key that is lost, that is all there is.</param>
    /// <exception cref="ProofException">It is no envelope, or none of the keys signed it.</exception>
    public static byte[] Open(byte[] envelope, LedgerKeys keys, bool isEntered = false)
    {
        ArgumentNullException.ThrowIfNull(keys);
        try
        {
            using var document = JsonDocument.Parse(envelope);
            var root = document.RootElement;
            if (root.GetProperty("payloadType").GetString() != PayloadType)
                throw ProofException.Malformed($"It holds no {PayloadType}.");
            var payload = root.GetProperty("payload").GetBytesFromBase64();
            var isKnown = false;
            foreach (var signature in root.GetProperty("signatures").EnumerateArray())
            {
                var id = signature.GetProperty("keyid").GetString();
                var known = keys.All.FirstOrDefault(key => KeyId(key) == id);
                isKnown |= known is not null;
                if (known is not null
                    && known.Verifies(Authenticated(payload), signature.GetProperty("sig").GetBytesFromBase64()))
                    return payload;
            }

            return isEntered && !isKnown
                ? payload
                : throw ProofException.Wrong("No key of this ledger signed it, or it was changed since.");
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw ProofException.Malformed($"It is no DSSE envelope: {broken.Message}", broken);
        }
    }

    // The pre-authentication encoding of DSSE 1.0.
    private static byte[] Authenticated(byte[] payload) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} ")), .. payload,
    ];

    private static string KeyId(VerifierKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"{key.Name}+{key.Id:x8}");
}
