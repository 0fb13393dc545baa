using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>A secret that portal.yaml names by file: one line, which nobody but the owner may read.</summary>
internal static class SecretFile
{
    private const int MostBytes = 4096;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">What of portal.yaml names it, for the message.</param>
    /// <exception cref="AvalException">Bad input: it is missing, empty, of several lines, or open to
    /// others.</exception>
    public static string Read(string path, string named)
    {
        if (!File.Exists(path))
            throw AvalException.BadInput($"{path}: {named} of portal.yaml names this file, and it is missing. Nothing "
                + "was started. Write the secret into it, and run: chmod 600 " + path);
        FileModes.RequirePrivateKey(path);
        var text = new FileInfo(path).Length <= MostBytes ? File.ReadAllText(path).TrimEnd('\n', '\r') : "";
        return text.Length > 0 && !text.Contains('\n', StringComparison.Ordinal)
            ? text
            : throw AvalException.BadInput(
                $"{path}: {named} of portal.yaml is one line of at most {MostBytes} bytes. Nothing was started.");
    }
}
