using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>
/// Makes the keys under which parcels are brought. A hash of what was brought would be one of an account, which anybody
/// who reads the store could try names against after it was forgotten; so both are keyed, and the second is taken away
/// when a choice of the parcel is forgotten.
/// </summary>
/// <param name="workspace">The workspace's key.</param>
internal sealed class ParcelKeys(WorkspaceKey workspace)
{
    /// <summary>The most choices of a parcel that has a key.</summary>
    public const int MostChoices = 10_000;

    /// <summary>For how long a key is known.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private readonly byte[] _mac = workspace.MacKey("aval/parcel-key/v1");

    /// <summary>The key of a parcel.</summary>
    /// <param name="who">Who brings it: another's keys are other keys.</param>
    /// <param name="key">The key.</param>
    /// <param name="form">In which form the body is.</param>
    /// <param name="body">What was brought.</param>
    public ParcelKey Of(string who, string key, string form, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(form);
        return new ParcelKey(
            Mac("key", Encoding.UTF8.GetBytes($"{who}\0{key}")), Mac($"body\0{form}", body));
    }

    private Hash Mac(string what, ReadOnlySpan<byte> bytes)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _mac);
        mac.AppendData(Encoding.UTF8.GetBytes($"{what}\0"));
        mac.AppendData(bytes);
        return Hash.From(mac.GetHashAndReset());
    }
}
