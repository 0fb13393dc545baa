namespace Aval.Cli;

/// <summary>
/// No command takes a private key, neither as text nor as a file, so that one is refused before anything reads it as
/// something else and tells what it found. It is known by its form, wherever it lies.
/// </summary>
internal static class PrivateKeys
{
    private const int LargestFile = 4096;

    /// <summary>Why a command line is refused; null when it names no private key. What it names is not told.</summary>
    public static string? Refusal(IReadOnlyList<string> arguments)
    {
        for (var at = 0; at < arguments.Count; at++)
        {
            var (argument, before) = (arguments[at], at > 0 ? arguments[at - 1] : "");
            var equals = argument.StartsWith('-') ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
            var (option, value) = equals > 0 ? (argument[..equals], argument[(equals + 1)..]) : (before, argument);
            // The hash of what proves a choice is 64 hexadecimal digits, as the workspace's key is; so is an auditor's
            // seed.
            if (option is not ("--evidence" or "--seed") && Shown.IsPrivateKey(value))
                return "A word of the command line is a private key, and no command takes one. Nothing was done. "
                    + "Others on this machine may have seen it there: if it was the ledger's, replace it with: aval "
                    + "keys rotate";
            if (IsPrivateKeyFile(value))
                return $"{value}: this file holds a private key, and no command takes one. Nothing was done with it. "
                    + $"Where a key is asked for, it is the public one: aval ledger key";
        }

        return null;
    }

    private static bool IsPrivateKeyFile(string path)
    {
        try
        {
            // A pipe has no length, and reading it would wait.
            return File.Exists(path) && new FileInfo(path).Length is > 0 and <= LargestFile
                && Shown.IsPrivateKey(File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false; // Whoever opens it says so.
        }
    }
}
