using System.Text;
using Aval.Authors;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// The keys that tasks on other machines are given: <c>task.keys</c> in the build's working folder, for its owner
/// alone, until the build is over. With them row keys, outputs of authors and finished parts can be made; nothing can
/// be signed, and the workspace's key does not follow from them (docs/threat-model.md).
/// </summary>
/// <param name="RowKeys">Of row keys, in hexadecimal digits.</param>
/// <param name="Seal">Of the seal that plans and parts bear.</param>
/// <param name="Vrf">Of the outputs of authors.</param>
/// <param name="Scope">Theirs: the ledger's origin.</param>
internal sealed record TaskKeys(string RowKeys, byte[] Seal, VrfKey Vrf, string Scope)
{
    private const string FileName = "task.keys";

    /// <summary>Leaves them in a working folder.</summary>
    public void Keep(string working) => Durable.Replace(
        Path.Combine(working, FileName),
        Encoding.UTF8.GetBytes($"{RowKeys}\n{Convert.ToHexStringLower(Seal)}\n{Vrf.ToText()}\n{Scope}\n"),
        Durable.Private);

    /// <summary>Reads them.</summary>
    /// <exception cref="AvalException">Bad input: there are none, or they are not whole.</exception>
    public static TaskKeys Read(string working)
    {
        var path = Path.Combine(working, FileName);
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return lines.Length == 4 && VrfKey.Parse(lines[2]) is { } vrf
            ? new TaskKeys(lines[0], Convert.FromHexString(lines[1]), vrf, lines[3])
            : throw AvalException.BadInput(
                $"{path}: expected the keys of a build that is under way. Nothing was done. They are there from the "
                + "end of loading until the release is committed; if the build is under way, start it again.");
    }
}
