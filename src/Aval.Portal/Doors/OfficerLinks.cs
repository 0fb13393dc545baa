using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Portal.Doors;

/// <summary>What somebody may do on the officer's side.</summary>
internal enum OfficerRole
{
    /// <summary>The data-protection officer: sees all of it, and acts.</summary>
    Officer,

    /// <summary>Sees all of it, and changes nothing.</summary>
    Auditor,

    /// <summary>Types what people said, and sees nothing else.</summary>
    Agent,
}

/// <summary>
/// Who works on the officer's side. Whatever door shows it (a link printed at the start; later a login of the
/// organisation), this is all that the pages behind it know.
/// </summary>
/// <param name="Name">Who, as the trail of acts names them.</param>
/// <param name="Role">What they may do.</param>
internal sealed record ShownOfficer(string Name, OfficerRole Role)
{
    /// <summary>As acts state it.</summary>
    public string By => Role switch
    {
        OfficerRole.Officer => $"officer {Name}",
        OfficerRole.Auditor => $"auditor {Name}",
        OfficerRole.Agent => $"agent {Name}",
    };

    /// <summary>Whether they see figures, requests and lists.</summary>
    public bool MaySee => Role is OfficerRole.Officer or OfficerRole.Auditor;

    /// <summary>Whether they answer requests and check.</summary>
    public bool MayAct => Role is OfficerRole.Officer;

    /// <summary>Whether they type choices for people.</summary>
    public bool MayType => Role is OfficerRole.Officer or OfficerRole.Agent;
}

/// <summary>
/// One-time links to the officer's side, printed where the server was started: whoever reads that terminal may enter.
/// A link is good once and for a quarter of an hour, is nowhere on disk, and is kept as its hash, so that what leaks
/// from memory opens nothing. For any number of threads.
/// </summary>
internal sealed class OfficerLinks(TimeProvider clock)
{
    /// <summary>How long one is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (ShownOfficer Whose, DateTimeOffset Until)> _open =
        new(StringComparer.Ordinal);

    /// <summary>The letters of a new link.</summary>
    public string Issue(ShownOfficer whose)
    {
        var letters = Sessions.Letters();
        _open[Hash(letters)] = (whose, clock.UtcNow() + Life);
        return letters;
    }

    /// <summary>Whose link it is, without using it: whoever merely follows links (a preview, a scanner) uses none
    /// up.</summary>
    public ShownOfficer? Look(string letters) => _open.TryGetValue(Hash(letters), out var found)
        && found.Until > clock.UtcNow()
            ? found.Whose
            : null;

    /// <summary>Uses it up.</summary>
    public ShownOfficer? Take(string letters) => _open.TryRemove(Hash(letters), out var found)
        && found.Until > clock.UtcNow()
            ? found.Whose
            : null;

    private static string Hash(string letters) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(letters)));
}
